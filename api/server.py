"""The server of the API: what uvicorn does, and before it stops, streams are ended, for which it would wait."""

import socket

import uvicorn

from api.resources import stream


class Server(uvicorn.Server):
    """Ends what never ends by itself, so that stopping takes no longer than answers take."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop."""
        stream.close_all()
        await super().shutdown(sockets)
