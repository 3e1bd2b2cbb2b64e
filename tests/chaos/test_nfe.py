"""Row S22 while sales is killed between asking the tax authority and recording what it said: nothing happens twice."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tests.support.builders import fiscal
from tests.support.builders.fiscal import asked
from tests.support.fakes.sefaz import Sefaz
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

SEND, EVENT = "NFeAutorizacao4", "NFeRecepcaoEvento4"


@pytest.fixture(scope="module")
def sefaz() -> Iterator[Sefaz]:
    running = Sefaz()
    yield running
    running.close()


@pytest.fixture(scope="module")
def system(sefaz: Sefaz) -> Iterator[System]:
    with System(VINCULO_NFE_URL=sefaz.url, VINCULO_NFE_TIMEOUT_SECONDS="2") as running:
        yield running


@pytest.fixture(scope="module")
def seller(system: System) -> Client:
    return fiscal.certified(system)


def killed_and_started_again(system: System) -> None:
    system.processes["sales"].signal(signal.SIGKILL)
    system.processes["sales"].stop()
    system.restart("sales")
    system.wait_ready("sales")


@pytest.mark.parametrize(("fault", "sent"), [("deaf", 1), ("lost", 2)])
def test_killed_between_sending_and_recording_it_is_authorised_once(
    system: System, seller: Client, sefaz: Sefaz, fault: str, sent: int
) -> None:
    """Whether the authority had heard it, or not."""
    before, known = sefaz.count(SEND), len(sefaz.authorised)
    sefaz.next(SEND, fault)
    nfe = asked(seller)
    wait_for(lambda: sefaz.count(SEND) == before + 1, what="it is sent")
    wait_for(lambda: len(sefaz.authorised) == known + (fault == "deaf"), what="the authority has it, or has not")
    killed_and_started_again(system)
    done = fiscal.becomes(seller, nfe, "authorised", 60)
    assert (sefaz.count(SEND), len(sefaz.authorised)) == (before + sent, known + 1)
    assert done["authorisation"]["protocol"] in sefaz.authorised[done["key"]]


def test_killed_while_it_is_being_cancelled_it_is_cancelled_once(system: System, seller: Client, sefaz: Sefaz) -> None:
    nfe = fiscal.becomes(seller, asked(seller), "authorised")
    before = sefaz.count(EVENT)
    sefaz.next(EVENT, "deaf")
    seller.post(f"/v1/nfe/{nfe['id']}/cancel", {"reason": fiscal.REASON})
    wait_for(lambda: nfe["key"] in sefaz.cancelled, what="the authority has it")
    killed_and_started_again(system)
    done = fiscal.becomes(seller, nfe, "cancelled", 60)
    assert (done["said"]["code"], sefaz.count(EVENT)) == ("101", before + 1)
