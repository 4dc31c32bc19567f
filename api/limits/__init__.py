"""How often one may ask: a limit for each key, and one for each address that shows none.

`Limits` is ASGI middleware inside the frame: it refuses (429) before anything was asked of the database, and tells
every answer's reader what is left (draft-ietf-httpapi-ratelimit-headers-10). Who a request counts for is known after
it was answered: a key that the API took becomes known to this process, and its requests count for it from then on, as
do those of pages whose session it began; a key that nobody knows counts for the address it came from, so that
guessing keys is limited too.

The counts are kept in this process and shared through the broker beside the requests (`tally`): no request waits for
it, and a broker that is away refuses nobody.
"""

from api.limits.middleware import Limits

__all__ = ["Limits"]
