"""A webhook receiver for the smoke test: keeps each request as a JSON line in /tmp/received.jsonl and answers 204."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

RECEIVED = Path("/tmp/received.jsonl")
PORT = 9000


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        with RECEIVED.open("a") as file:
            file.write(json.dumps({"path": self.path, "headers": headers, "body": body}) + "\n")
        self.send_response(204)
        self.end_headers()


if __name__ == "__main__":
    RECEIVED.touch()
    ThreadingHTTPServer(("", PORT), Receiver).serve_forever()
