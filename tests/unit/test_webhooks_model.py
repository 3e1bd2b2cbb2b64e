"""Row N9: the waits and the patience of a webhook, its signature, and what the feed tells of an event."""

from __future__ import annotations

import datetime as dt
import hmac
import json
from typing import Any

import pytest

from deploy.topology import SERVICES
from services.chassis.access.visibility import Sight
from services.chassis.errors import Conflict, Invalid
from services.chassis.handling.entrypoints import subscriptions_of
from services.notifications.members.model import Contact
from services.notifications.webhooks.catalogue import TYPES, types_of
from services.notifications.webhooks.model import (
    LONGEST_WAIT,
    MOST_LOGGED,
    PATIENCE,
    FeedEvent,
    Try,
    body_of,
    signature_of,
)
from services.notifications.webhooks.notices import pause_notice
from tests.support.builders.webhook_records import NOW, webhook
from tests.support.golden import SAMPLES


def event(**fields: Any) -> FeedEvent:
    given: dict[str, Any] = {
        "id": "e1", "source": "attendance", "name": "entry_recorded", "aggregate": "a1", "sequence": 2, "at": NOW,
        "actor_id": "u1", "actor_name": "Ana", "person_id": "p1", "attendance_id": "a1", "data": {}, "stored_at": NOW,
    }  # fmt: skip
    return FeedEvent(**{**given, **fields})


def failed(at: dt.datetime) -> Try:
    return Try(at, "e1", "attendance.entry_recorded", 500, None, 3)


def test_a_webhook_that_fails_is_tried_for_three_days_and_then_paused() -> None:
    one, now, waits = webhook(), NOW, []
    while True:
        due = one.mark_failed(failed(now), now, None)
        if due is None:
            break
        waits.append(due - now)
        now = due
    assert [wait.total_seconds() for wait in waits[:3]] == [5, 15, 60]
    assert max(waits) <= LONGEST_WAIT
    assert now - NOW >= PATIENCE
    assert (one.state, one.pause_reason, len(one.log)) == ("paused", "failures", min(len(waits) + 1, MOST_LOGGED))


def test_one_delivery_gives_the_patience_back_and_moves_the_place() -> None:
    one = webhook()
    one.mark_failed(failed(NOW), NOW - PATIENCE + dt.timedelta(minutes=1), None)
    later = NOW + dt.timedelta(seconds=1)
    one.mark_delivered(event(id="e9", stored_at=later), Try(NOW, "e9", "t", 204, None, 3))
    assert (one.failures, one.failing_since, one.after_at, one.after_id) == (0, None, later, "e9")
    assert one.mark_failed(failed(NOW), NOW, None) is not None


@pytest.mark.parametrize(("asked", "kept"), [(1, 5), (100, 100), (10**7, LONGEST_WAIT.total_seconds())])
def test_the_consumers_own_wait_is_kept_within_bounds(asked: int, kept: float) -> None:
    due = webhook().mark_failed(failed(NOW), NOW, dt.timedelta(seconds=asked))
    assert due == NOW + dt.timedelta(seconds=kept)


def test_one_that_is_paused_does_not_go_back() -> None:
    one = webhook()
    one.pause()
    with pytest.raises(Conflict):
        one.go_back(NOW, "")
    one.resume()
    one.go_back(NOW - dt.timedelta(days=1), "")
    assert one.after_at == NOW - dt.timedelta(days=1)


def test_the_signature_is_of_the_time_and_the_very_bytes() -> None:
    body = body_of(event(data={"entry_id": "é"}), "c1")
    right = hmac.new(b"segredo", b"1700000000." + body, "sha256").hexdigest()
    assert signature_of("segredo", 1_700_000_000, body) == f"t=1700000000,v1={right}"
    assert json.loads(body)["data"] == {"entry_id": "é"}


def test_the_feed_tells_ids_and_states_of_an_event_and_none_of_its_texts() -> None:
    for kind in TYPES:
        data = json.loads((SAMPLES / f"{kind.name}.json").read_text())
        told = kind.thin(data)
        assert told.keys() <= set(kind.fields)
        texts = [data[key] for key in ("text", "title", "name", "email", "description", "reason") if data.get(key)]
        assert not set(map(str, texts)) & set(map(str, told.values())), kind.name


def test_only_types_that_may_be_read_are_taken_and_all_of_them_where_none_is_named() -> None:
    held = ["attendance.read", "notifications.configure"]
    assert types_of([], held, Sight("u1")) == [one.name for one in TYPES if one.source == "attendance"]
    with pytest.raises(Invalid) as refused:
        types_of(["attendance.entry_recorded", "sales.order_placed"], held, Sight("u1"))
    assert refused.value.code == "event_type_hidden"


def test_whoever_does_not_see_a_section_is_told_nothing_of_it() -> None:
    told = types_of([], ["sales.read"], Sight("u1", {"section": ("opportunities",)}))
    assert {"sales.opportunity_created", "sales.quote_changed"} <= set(told)
    assert not {"sales.order_placed", "sales.payment_recorded", "sales.contract_billed"} & set(told)


def test_every_type_of_the_feed_is_heard() -> None:
    (service,) = (one for one in SERVICES if one.name == "notifications")
    heard = {f"{one.source}.{one.event}" for one in subscriptions_of(service)}
    assert {one.name for one in TYPES} <= heard


def test_the_maker_is_told_once_why_it_is_paused_and_no_secret_of_the_address() -> None:
    one = webhook(url="https://erp.example/vinculo?chave=segredo", last_error="HTTP 500")
    one.state, one.pause_reason = "paused", "failures"
    told = pause_notice(one, Contact("Ana", "ana@x.example"), NOW)
    assert "erp.example/vinculo foi pausado: há três dias" in told.body
    assert "HTTP 500" in told.body
    assert "segredo" not in told.body + told.subject
    assert (told.user_id, told.about, told.automatic) == ("u1", None, True)
    assert pause_notice(one, Contact("Ana", "ana@x.example"), NOW).id == told.id
    one.version += 1
    assert pause_notice(one, Contact("Ana", "ana@x.example"), NOW).id != told.id
