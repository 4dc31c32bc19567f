"""Which addresses Yinqi may connect to: the pure half of the guard in core.http.

Python's `is_global` is not enough: it says yes to NAT64, mapped, compatible, 6to4 and site-local forms of private
addresses and to multicast. Here IPv4 is public unless a network below holds it, and IPv6 is refused unless it is
ordinary global unicast (2000::/3) outside the networks below. Sources of the tables: the IANA special-purpose address
registries (RFC 6890 and its updates) and, where said, the document named beside the entry.
"""

import ipaddress
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_REFUSED_4 = tuple(
    (IPv4Network(network), why)
    for network, why in (
        ("0.0.0.0/8", "unspecified or this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "the host services of a cloud (Azure)"),  # public by number, answered by the own host
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved for protocols"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),  # RFC 7526
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("255.255.255.255/32", "broadcast"),
        ("240.0.0.0/4", "reserved"),
    )
)

_GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291, section 2.4
_REFUSED_6 = tuple(
    (IPv6Network(network), why)
    for network, why in (
        ("2001::/32", "Teredo tunnel"),
        ("2001:2::/48", "benchmarking"),
        ("2001::/23", "reserved for protocols"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4 tunnel"),
        ("3fff::/20", "documentation"),  # RFC 9637
        # Outside 2000::/3 and so refused anyway; listed for the reason's sake, the more particular first.
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::/96", "IPv4-compatible"),  # RFC 4291, deprecated
        ("64:ff9b:1::/48", "NAT64 for local use"),  # RFC 8215
        ("100::/64", "discard-only"),  # RFC 6666
        ("5f00::/16", "segment routing (SRv6)"),  # RFC 9602
        ("fc00::/7", "unique local (private)"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),  # RFC 3879
        ("ff00::/8", "multicast"),
    )
)

# An IPv4 address is what is really reached behind these two; it is judged in their place. NAT64's well-known prefix
# (RFC 6052) is how an IPv6-only host reaches the public IPv4 internet, so it cannot be refused as a whole.
_MAPPED = IPv6Network("::ffff:0:0/96")
_NAT64 = IPv6Network("64:ff9b::/96")

_ISATAP = frozenset({0x00005EFE, 0x02005EFE})  # RFC 5214: bits 32 to 63 of the interface identifier


def refusal(address: Address, allow: Sequence[Network] = ()) -> str | None:
    """Why this address must not be connected to, or None where it may be; `allow` comes before every rule."""
    inner = embedded(address)
    judged = address if inner is None else inner
    if isinstance(judged, IPv6Address) and judged.scope_id is not None:
        return "address with a zone"
    if any(judged in network for network in allow) or any(address in network for network in allow):
        return None
    reason = _refusal_4(judged) if isinstance(judged, IPv4Address) else _refusal_6(judged)
    return f"{reason}, inside {address}" if reason and inner is not None else reason


def embedded(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv4-mapped or NAT64 address stands for, else None."""
    if isinstance(address, IPv6Address) and (address in _MAPPED or address in _NAT64):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def parse_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """CIDR texts (`10.0.0.0/8`, `fd00::/8`, a bare address) as networks; ValueError names the wrong one."""
    return tuple(ipaddress.ip_network(text.strip()) for text in texts)


def _refusal_4(address: IPv4Address) -> str | None:
    return next((why for network, why in _REFUSED_4 if address in network), None)


def _refusal_6(address: IPv6Address) -> str | None:
    for network, why in _REFUSED_6:
        if address in network:
            return why
    if address not in _GLOBAL_UNICAST:
        return "not global unicast"
    if int(address) >> 32 & 0xFFFFFFFF in _ISATAP:
        return "ISATAP tunnel"
    return None
