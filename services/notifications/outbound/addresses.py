"""Which hosts a company may have us connect to: none of our own network, unless the installation allows it.

A name is resolved once, and the connection goes to the very address that was checked: a name that answers otherwise the
second time (DNS rebinding) gains nothing. Pure but for `system_resolve`, which asks the name service.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Iterable[str]]

# Networks that hold IPv4 addresses inside: NAT64 (RFC 6052, RFC 8215), 6to4 and Teredo.
NAT64 = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48")))
SIX_TO_FOUR, TEREDO = ipaddress.IPv6Network("2002::/16"), ipaddress.IPv6Network("2001::/32")
# Shared by providers and their customers (RFC 6598); IPv4-compatible IPv6, long deprecated.
NEVER = (*map(ipaddress.ip_network, ("100.64.0.0/10", "::/96", "fec0::/10")),)


class Unreachable(Exception):
    """The host may not be connected to, or has no address; `code` says which: host_private, host_unknown."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Reach:
    """The networks and host names that the installation allows besides public addresses; a named host may have any
    address.
    """

    networks: tuple[Network, ...] = ()
    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, texts: Iterable[str]) -> Reach:
        """From a list of addresses, networks (CIDR) and host names; raises ValueError for an empty one."""
        networks: list[Network] = []
        names = set()
        for text in (one.strip().lower().rstrip(".") for one in texts):
            if not text:
                raise ValueError("an empty host")
            try:
                networks.append(ipaddress.ip_network(text, strict=False))
            except ValueError:
                names.add(text)
        return cls(tuple(networks), frozenset(names))

    def names_host(self, host: str) -> bool:
        """Whether the operator has named this very host, by its name or its one address."""
        single = {str(one.network_address) for one in self.networks if one.num_addresses == 1}
        return host.lower().rstrip(".") in {*self.names, *single}

    def allows(self, host: str, address: str) -> bool:
        if host.lower().rstrip(".") in self.names:
            return True
        found = ipaddress.ip_address(address.partition("%")[0])
        return is_public(found) or any(found in network for network in self.networks)


def is_public(address: Address) -> bool:
    """Whether the address is public; an IPv6 address that contains an IPv4 one is judged by that one."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = _inner(address)
        if inner is not None:
            return is_public(inner)
    special = address.is_multicast or address.is_unspecified or address.is_reserved or address.is_link_local
    return address.is_global and not special and not any(address in network for network in NEVER)


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in SIX_TO_FOUR:
        return address.sixtofour
    if address in TEREDO:
        return address.teredo[1] if address.teredo else None
    if any(address in network for network in NAT64):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def system_resolve(host: str, port: int) -> list[str]:
    """The addresses that the machine's name service gives; raises OSError where there are none."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def resolved(host: str, port: int, reach: Reach, resolve: Resolve = system_resolve) -> Sequence[str]:
    """The addresses of the host, all checked. Raises Unreachable: host_unknown, host_private where one of them is not
    allowed.
    """
    try:
        found = list(dict.fromkeys(resolve(host, port)))
    except (OSError, UnicodeError) as error:
        raise Unreachable("host_unknown") from error
    if not found:
        raise Unreachable("host_unknown")
    try:
        allowed = all(reach.allows(host, address) for address in found)
    except ValueError as error:
        raise Unreachable("host_unknown") from error
    if not allowed:
        raise Unreachable("host_private")
    return found
