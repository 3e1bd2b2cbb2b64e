"""Each sender speaks with a key of its own: none can be taken for another, and secrets are for their reader only."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from environs import Env
from environs.exceptions import EnvError, EnvValidationError

from deploy import keys
from deploy.local.system import System
from services.chassis.access.context import Context, check_answer, seal, seal_answer, unseal
from services.chassis.access.keyring import GATEWAY, Keyring, keyring_of, new_seed, public_of
from services.chassis.errors import Invalid, Unauthenticated
from tests.support.stack.system import ROOT
from tests.support.stack.wire_keys import WireKeys

WIRE = WireKeys()
ALL = keys.SENDERS
CONTEXT = Context("c1", "u1", "Ana", ("people.read",), "r1", 1.0)
SETTINGS = ("VINCULO_SENDER_KEY", "VINCULO_PUBLIC_KEYS")
REFUSED = pytest.raises(Unauthenticated, match="signature_invalid")


def ring(own: str, *known: str) -> Keyring:
    return Keyring.of(own, known)


@pytest.mark.parametrize("speaker", ALL)
def test_a_sender_speaks_for_nobody_else(speaker: str) -> None:
    signature = WIRE.ring(speaker).sign(b"x", b"y")
    for reader in ALL:
        tags = WIRE.ring(speaker).tag(reader, b"x", b"y")
        for sender in ALL:
            if sender == speaker:
                WIRE.ring(reader).verify(sender, signature, b"x", b"y")
                WIRE.ring(reader).check(sender, tags, b"x", b"y")
                continue
            with REFUSED:
                WIRE.ring(reader).verify(sender, signature, b"x", b"y")
            if reader not in (speaker, sender):  # what it tells itself it may say in any name
                with REFUSED:
                    WIRE.ring(reader).check(sender, tags, b"x", b"y")


def test_only_the_gateway_says_who_asks_and_only_to_the_service_that_it_asks() -> None:
    asked = seal(CONTEXT, "people.get", b"{}", WIRE.ring(GATEWAY))
    assert unseal(asked, "people.get", b"{}", WIRE.ring("people")) == CONTEXT
    for service in ALL[1:]:
        with REFUSED:
            unseal(seal(CONTEXT, "sales.get", b"{}", WIRE.ring(service)), "sales.get", b"{}", WIRE.ring("sales"))
        if service != "people":
            with REFUSED:
                unseal(asked, "people.get", b"{}", WIRE.ring(service))


def test_an_answer_is_of_the_service_that_was_asked_and_to_this_request_only() -> None:
    gateway, people = WIRE.ring(GATEWAY), WIRE.ring("people")
    asked, other = (seal(CONTEXT, name, b"{}", gateway) for name in ("people.get", "people.find"))
    answer = seal_answer(asked, b"[]", people)
    check_answer("people", answer, asked, b"[]", gateway)
    for service, headers, request, body in (
        ("people", answer, other, b"[]"),
        ("people", answer, asked, b"[1]"),
        ("sales", answer, asked, b"[]"),
        ("people", {}, asked, b"[]"),
        ("people", asked, asked, b"{}"),
        ("people", seal_answer(asked, b"[]", WIRE.ring("sales")), asked, b"[]"),
    ):
        with REFUSED:
            check_answer(service, headers, request, body, gateway)


@pytest.mark.parametrize("parts", [(b"a", b"bc"), (b"abc",), (b"ab", b"c", b""), (b"", b"abc"), (b"ab", b"C")])
def test_nothing_moves_from_one_part_to_the_next(parts: tuple[bytes, ...]) -> None:
    gateway, people = WIRE.ring(), WIRE.ring("people")
    with REFUSED:
        people.verify(GATEWAY, gateway.sign(b"ab", b"c"), *parts)
    with REFUSED:
        people.check(GATEWAY, gateway.tag("people", b"ab", b"c"), *parts)


@pytest.mark.parametrize(
    "signature", [None, "", "x", ",", "é" * 86, "\ud800", b"\xff", 1, "A" * 43, "A" * 86, "A," * 10_000, ["a"]]
)
def test_what_is_no_signature_is_none(signature: Any) -> None:
    with REFUSED:
        WIRE.ring("people").verify(GATEWAY, signature, b"x")
    with REFUSED:
        WIRE.ring("people").check(GATEWAY, signature, b"x")
    with REFUSED:
        WIRE.ring("people").check("nobody", WIRE.ring().tag("nobody", b"x"), b"x")


def test_two_keys_of_a_sender_are_good_while_one_replaces_the_other() -> None:
    """Every step of a rotation, of the one that speaks or of the one that hears, in any order of restarts."""
    old, new, peer = new_seed(), new_seed(), new_seed()
    before, after, other = f"people:{public_of(old)}", f"people:{public_of(new)}", f"{GATEWAY}:{public_of(peer)}"
    lists = [(other, before), (other, before, after), (other, after)]
    steps = [(old, lists[0]), (old, lists[1]), (new, lists[1]), (new, lists[2])]
    reached = [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 2), (3, 3)]
    for one, two in reached:
        people, gateway = ring(steps[one][0], *steps[one][1]), ring(peer, *steps[two][1])
        gateway.verify("people", people.sign(b"x"), b"x")
        gateway.check("people", people.tag(GATEWAY, b"x"), b"x")
        people.check(GATEWAY, gateway.tag("people", b"x"), b"x")
        assert people.decrypt(GATEWAY, gateway.encrypt("people", b"secret")) == b"secret"
        assert gateway.decrypt("people", people.encrypt(GATEWAY, b"secret")) == b"secret"


def test_an_event_signed_before_a_rotation_is_good_until_its_key_is_removed() -> None:
    """As it waits in a queue, a retry or among the dead letters, which nobody signs again."""
    old, new, reader = new_seed(), new_seed(), new_seed()
    before, after = f"people:{public_of(old)}", f"people:{public_of(new)}"
    queued = ring(old, before).sign(b"people.person_registered", b"{}")
    ring(reader, before, after).verify("people", queued, b"people.person_registered", b"{}")
    with REFUSED:
        ring(reader, after).verify("people", queued, b"people.person_registered", b"{}")


def test_a_secret_is_read_by_its_reader_only() -> None:
    gateway, people = WIRE.ring(), WIRE.ring("people")
    closed = gateway.encrypt("people", b'{"password": "janela"}')
    assert b"janela" not in closed
    assert gateway.encrypt("people", b"same") != gateway.encrypt("people", b"same")
    assert people.decrypt(GATEWAY, closed) == b'{"password": "janela"}'
    for reader in ALL[2:]:
        for sender in ALL:
            with pytest.raises(Invalid, match="message_not_sealed"):
                WIRE.ring(reader).decrypt(sender, closed)
    changed = closed[:40] + (b"B" if closed[40:41] == b"A" else b"A") + closed[41:]
    for body in (b"", b",", b"{}", closed[:-1], changed, gateway.encrypt("nobody", b"x")):
        with pytest.raises(Invalid, match="message_not_sealed"):
            people.decrypt(GATEWAY, body)


@pytest.mark.parametrize(
    ("own", "known"),
    [
        ("", ""),
        ("short", "people"),
        ("é" * 43, f":{public_of(new_seed())}"),
        (new_seed() + "A", f"people:{new_seed()}"),
        (public_of(new_seed()), f"people:{'A' * 86}"),
        ("=", ",".join(f"people:{public_of(new_seed())}" for _ in range(3))),
    ],
    ids=["empty", "short", "not-ascii", "too-long", "public", "too-many"],
)
def test_the_environment_says_all_that_is_wrong_and_no_key(
    own: str, known: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in zip(SETTINGS, (own, known), strict=True):
        monkeypatch.setenv(name, value)
    env = Env(eager=False)
    keyring_of(env)
    with pytest.raises(EnvValidationError) as caught:
        env.seal()
    assert all(name in str(caught.value) for name in SETTINGS)
    assert len(own) < 10 or own not in str(caught.value)


def test_a_process_that_nobody_would_believe_or_that_believes_nobody_does_not_start() -> None:
    seed, other = new_seed(), new_seed()
    mine, gateways = f"people:{public_of(seed)}", f"{GATEWAY}:{public_of(other)}"
    ring(seed, mine, gateways).require("people", [GATEWAY])
    ring(seed, f"people:{public_of(other)}", mine, gateways).require("people", [GATEWAY])
    with pytest.raises(EnvError, match="the key of people is not the public one of its VINCULO_SENDER_KEY"):
        ring(other, mine, gateways).require("people", [GATEWAY])
    with pytest.raises(EnvError, match="the key of people is not"):
        ring(seed, gateways).require("people", [GATEWAY])
    with pytest.raises(EnvError, match="no key of gateway, sales"):
        ring(seed, mine).require("people", [GATEWAY, "sales"])


def test_new_keys_are_made_for_one_process_and_for_none_that_is_none(capsys: Any) -> None:
    keys.main(["people"])
    _, known, _, own = capsys.readouterr().out.splitlines()
    assert known == f"VINCULO_PUBLIC_KEYS=people:{public_of(own.removeprefix('VINCULO_SENDER_KEY='))}"
    with pytest.raises(SystemExit, match="no such process: sale;"):
        keys.main(["people", "sale"])


@pytest.mark.parametrize("missing", [GATEWAY, "attendance"])
def test_a_service_says_whose_key_is_missing_and_ends(missing: str) -> None:
    """The gateway asks it, and it hears attendance's events."""
    known = WIRE.shared()["VINCULO_PUBLIC_KEYS"].split(",")
    settings = {"AMQP_URI": "amqp://127.0.0.1:1/", "MONGO_URI": "mongodb://127.0.0.1:1/", **WIRE.own("notifications")}
    settings["VINCULO_PUBLIC_KEYS"] = ",".join(one for one in known if not one.startswith(missing))
    command = [sys.executable, "-m", "services.chassis.process.runner", "services.notifications.service:Notifications"]
    ended = subprocess.run(
        command, env={**os.environ, **settings}, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 1
    assert ended.stderr.endswith(f"configuration: VINCULO_PUBLIC_KEYS: no key of {missing}\n")
    assert settings["VINCULO_SENDER_KEY"] not in ended.stdout + ended.stderr


def test_no_key_is_said_where_a_keyring_is_shown() -> None:
    one = WIRE.ring("people")
    for shown in (repr(one), str(one), repr(one.own), str(one.peers)):
        assert WIRE.seeds["people"] not in shown
        assert repr(one.own.seed) not in shown
        assert all(repr(peer.tagging) not in shown for peer in one.peers[GATEWAY])


def test_new_keys_are_what_the_processes_read(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    keys.main([])
    shared: dict[str, str] = {}
    own: dict[str, str] = {}
    sender = ""
    for line in capsys.readouterr().out.splitlines():
        if line.startswith("# "):
            sender = line.split()[1]
        else:
            name, _, value = line.partition("=")
            (shared if sender == "all" else own)[name if sender == "all" else sender] = value
    assert set(own) == set(ALL)
    signed = {}
    for each, seed in own.items():
        for name, value in {**shared, "VINCULO_SENDER_KEY": seed}.items():
            monkeypatch.setenv(name, value)
        env = Env(eager=False)
        read = keyring_of(env)
        env.seal()
        read.require(each, ALL)
        signed[each] = read.sign(b"x")
    for each, signature in signed.items():
        read.verify(each, signature, b"x")


def test_the_local_system_gives_each_process_its_own_key_only(tmp_path: Path) -> None:
    system = System(tmp_path / "run", {"VINCULO_PUBLIC_KEYS": "of somebody else"})
    programs = {program.name: program for group in system._groups().values() for program in group}
    seeds = {name: programs[name].environment["VINCULO_SENDER_KEY"] for name in ALL}
    assert len(set(seeds.values())) == len(ALL)
    for name, program in programs.items():
        said = str({**system.environment, **program.environment})
        assert [other for other, seed in seeds.items() if seed in said] == ([name] if name in ALL else [])
    for name in ALL:
        Keyring.of(seeds[name], system.environment["VINCULO_PUBLIC_KEYS"].split(",")).require(name, ALL)
    again = System(tmp_path / "run")
    assert again.environment["VINCULO_PUBLIC_KEYS"] == system.environment["VINCULO_PUBLIC_KEYS"]
    assert (tmp_path / "run" / "sender-keys.json").stat().st_mode & 0o077 == 0
