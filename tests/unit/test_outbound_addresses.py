"""A company has us connect to the internet only, however an inner address is written or resolved."""

from __future__ import annotations

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.outbound.addresses import Reach, Resolve, Unreachable, is_public, resolved

INNER = [
    "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "100.127.255.254", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1",
    "2002:7f00:1::", "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "fe80::1", "fe80::1%eth0", "fec0::1",
    "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1", "100::1",
]  # fmt: skip
OUTER = ["8.8.8.8", "200.147.3.157", "2607:f8b0:4004:c07::1b", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]


@pytest.mark.parametrize("address", INNER)
def test_an_inner_address_is_refused(address: str) -> None:
    with pytest.raises(Unreachable) as refused:
        resolved("mail.example", 587, Reach(), lambda host, port: [address])
    assert refused.value.code == "host_private"


@pytest.mark.parametrize("address", OUTER)
def test_an_address_of_the_internet_is_taken(address: str) -> None:
    assert resolved("mail.example", 587, Reach(), lambda host, port: [address]) == [address]


@given(st.ip_addresses(v=4))
def test_an_address_in_the_clothes_of_another_version_is_judged_by_itself(address: ipaddress.IPv4Address) -> None:
    mapped, nat64 = int(address) + (0xFFFF << 32), int(address) + int(ipaddress.IPv6Address("64:ff9b::"))
    assert is_public(ipaddress.IPv6Address(mapped)) == is_public(address)
    assert is_public(ipaddress.IPv6Address(nat64)) == is_public(address)


def test_a_name_with_one_inner_address_among_others_is_refused() -> None:
    with pytest.raises(Unreachable):
        resolved("mail.example", 587, Reach(), lambda host, port: ["8.8.8.8", "10.0.0.1"])


@pytest.mark.parametrize("host", ["2130706433", "0177.0.0.1", "0x7f.1", "127.1", "localhost", "[::1]", "127.0.0.1."])
def test_other_ways_of_writing_this_machine_do_not_reach_it(host: str) -> None:
    """As the machine's own name service reads them."""
    with pytest.raises(Unreachable):
        resolved(host, 587, Reach())


def test_what_answers_otherwise_the_second_time_is_asked_once() -> None:
    answers = [["8.8.8.8"], ["127.0.0.1"]]
    assert resolved("rebind.example", 587, Reach(), lambda host, port: answers.pop(0)) == ["8.8.8.8"]
    assert len(answers) == 1


def test_a_name_without_an_address_is_unknown() -> None:
    def fails(host: str, port: int) -> list[str]:
        raise socket.gaierror("no such name")

    nowhere: tuple[Resolve, ...] = (fails, lambda host, port: [])
    for resolve in nowhere:
        with pytest.raises(Unreachable) as refused:
            resolved("nowhere.example", 587, Reach(), resolve)
        assert refused.value.code == "host_unknown"


@pytest.mark.parametrize("allowed", ["10.0.0.0/8", "10.1.2.3", "mail.empresa.local", "MAIL.empresa.local."])
def test_the_installation_may_allow_a_network_an_address_or_a_name(allowed: str) -> None:
    reach = Reach.of([allowed])
    assert resolved("mail.empresa.local", 25, reach, lambda host, port: ["10.1.2.3"]) == ["10.1.2.3"]
    with pytest.raises(Unreachable):
        resolved("outra.local", 25, reach, lambda host, port: ["192.168.0.9"])


def test_an_empty_allowance_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="empty"):
        Reach.of(["10.0.0.0/8", " "])
