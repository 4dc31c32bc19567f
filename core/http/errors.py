"""What can go wrong on the way out.

RejectedInput                        TemporaryFailure                     PermanentFailure
├── BadUrl           as written      ├── DnsFailure      no address       ├── TooManyRedirects
├── AddressRefused   where it leads  ├── ConnectFailure  nobody answers,  └── BadAnswer   not to be decoded
└── TooLarge         what came back  │                   or TLS fails
                                     ├── TimedOut        too slow
                                     └── BrokenExchange  broke off half-way

Messages show scheme and host only: the path and the query of a webhook often hold its secret.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpcore
import httpx

from core.errors import PermanentFailure, RejectedInput, TemporaryFailure


class BadUrl(RejectedInput):
    """The URL itself is not one that Yinqi calls."""


class AddressRefused(RejectedInput):
    """The host leads to an address that Yinqi must not connect to."""


class TooLarge(RejectedInput):
    """The answer, decompressed, is larger than allowed."""


class DnsFailure(TemporaryFailure):
    """The host's name was not resolved."""


class ConnectFailure(TemporaryFailure):
    """No connection, or no valid TLS on it."""


class TimedOut(TemporaryFailure):
    """Connecting, one read, or the whole exchange took too long."""


class BrokenExchange(TemporaryFailure):
    """The connection broke off, or what came is not HTTP."""


class TooManyRedirects(PermanentFailure):
    """The answer kept pointing elsewhere."""


class BadAnswer(PermanentFailure):
    """The body's encoding is unknown or broken."""


@contextmanager
def translated(shown: Callable[[], str]) -> Iterator[None]:
    """Turn what httpx and httpcore raise into the tree above; `shown()` names the present hop in messages."""
    try:
        yield
    except (httpcore.TimeoutException, httpx.TimeoutException, TimeoutError) as error:
        raise TimedOut(f"{shown()}: no complete answer in time") from error
    except httpcore.ConnectError as error:
        raise ConnectFailure(f"{shown()}: no connection: {error}") from error
    except (httpcore.LocalProtocolError, httpx.InvalidURL, UnicodeEncodeError) as error:
        raise BadUrl(f"{shown()}: the request cannot be written as HTTP: {error}") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpx.HTTPError) as error:
        raise BrokenExchange(f"{shown()}: the exchange broke off: {error}") from error
