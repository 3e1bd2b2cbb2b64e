"""The network of an IP address, by which limits count callers: who has one address of a network may use all of them.

No framework may enter.
"""

from __future__ import annotations

import ipaddress

# An IPv6 customer has at least this many addresses of their own (RFC 6177), and counts as one.
NETWORK_BITS = 64


def network_of(address: str) -> str:
    """The network that counts as one address: an IPv4 address, an IPv6 /64; `address` itself where it is neither."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, NETWORK_BITS), strict=False))
