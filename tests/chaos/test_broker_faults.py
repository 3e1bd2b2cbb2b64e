"""The broker stops, or the network falls silent: callers are answered again soon, and nothing is lost or doubled."""

from __future__ import annotations

import time
from collections import Counter
from urllib.parse import urlsplit

import pytest

from tests.chaos.rig import Callers, Conversations, Rig, write_note
from tests.support.fakes.proxy import Direction, Proxy
from tests.support.stack.ledger import Ledger
from tests.support.stack.ports import wait_for


def test_nothing_is_lost_when_the_broker_stops_for_five_seconds_under_15_callers(rig: Rig) -> None:
    rig.start_five()
    talks, ledger = Conversations(rig, 15), Ledger("broker-stops")
    with Callers(rig, ledger, 15, talks.write) as callers:
        time.sleep(3)
        rig.broker.ctl("stop_app")
        time.sleep(5)
        rig.broker.ctl("start_app")
        back = time.monotonic()
        time.sleep(8)
    wait_for(lambda: ledger.acknowledged <= set(talks.mails()), 120, "all e-mails")
    more = {"mails": talks.mails(), "deliveries": talks.deliveries()}
    ledger.settle(
        talks.entries(), ledger.recovered_after(back), more,
        errors=callers.errors, worst_latency_s=ledger.worst, deaths=rig.deaths(), mails=len(talks.mails()),
    )  # fmt: skip
    assert rig.deaths() == 0
    assert ledger.recovered_after(back) < 15


@pytest.mark.parametrize("directions", [(), ("up",), ("down",)], ids=["both", "up", "down"])
def test_a_consumer_comes_back_after_its_connection_fell_silent(rig: Rig, directions: tuple[Direction, ...]) -> None:
    """The service's connections fall silent without a RST; callers have healthy ones of their own."""
    heartbeat = 2
    parts = urlsplit(rig.broker.uri)
    proxy = Proxy((parts.hostname or "", parts.port or 0))
    uri = rig.broker.uri.replace(f":{parts.port}", f":{proxy.address[1]}")
    rig.start("probe", AMQP_URI=uri)
    ledger = Ledger("silent-connection")
    with Callers(rig, ledger, 3, write_note) as callers:
        time.sleep(2)
        live = proxy.freeze(*directions)
        frozen = time.monotonic()
        time.sleep(2 * heartbeat + 9)
    proxy.thaw()
    wait_for(lambda: ledger.acknowledged <= set(rig.texts("heard")), 60, "all events heard")
    recovered = 0.5 + ledger.recovered_after(frozen + 0.5)
    ledger.settle(
        rig.texts("notes"), recovered, {"heard": Counter(rig.texts("heard"))},
        frozen=live, directions="+".join(directions) or "both", errors=callers.errors, deaths=rig.deaths(),
    )  # fmt: skip
    assert rig.deaths() == 0
    assert recovered <= 2 * heartbeat + 5
    proxy.close()
