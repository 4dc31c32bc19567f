"""The product's only way out to the network, for feeds and webhooks alike.

`check_url` judges an address as written (urls); `Outbound` and its twin `AsyncOutbound` carry out a request (client).
On the way each hop's URL is checked again (exchange), the host is resolved once, every address found is judged
(core.addresses) and the connection goes to the judged address itself (backend), so that no second look-up can lead
elsewhere. The answer is decompressed under a cap (body), and the whole exchange has one deadline.
"""

from core.http.client import AsyncOutbound, BeforeHop, Cap, Outbound
from core.http.errors import (
    AddressRefused,
    BadAnswer,
    BadUrl,
    BrokenExchange,
    ConnectFailure,
    DnsFailure,
    TimedOut,
    TooLarge,
    TooManyRedirects,
)
from core.http.exchange import Response
from core.http.urls import check_url

__all__ = [
    "AddressRefused",
    "AsyncOutbound",
    "BadAnswer",
    "BadUrl",
    "BeforeHop",
    "BrokenExchange",
    "Cap",
    "ConnectFailure",
    "DnsFailure",
    "Outbound",
    "Response",
    "TimedOut",
    "TooLarge",
    "TooManyRedirects",
    "check_url",
]
