"""What a service announces is what it promised: a forgotten field fails in the producer, and not in every reader."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from marshmallow import fields, validate

from services.chassis.handling.session import Actor, Session
from services.chassis.schemas import Event, EventData

NOW = dt.datetime(2026, 3, 5, tzinfo=dt.UTC)


class Baked(EventData):
    cake_id = fields.String(required=True)
    price = fields.Decimal(required=True, as_string=True, validate=validate.Range(max=100))
    day = fields.Date(required=True)
    baker = fields.String(allow_none=True)


BAKED = Event("bakery", "baked", Baked)
TOLD: dict[str, Any] = {"cake_id": "c1", "price": "12.50", "day": NOW.date(), "baker": None}


class NoTenant:
    """A session that only announces reads nothing."""

    company = "padaria"

    def collection(self, name: str) -> None:
        return None


def session() -> Session:
    tenant: Any = NoTenant()
    return Session(tenant, Actor("u1", "Ana"), NOW, "cause", 10)


def test_what_is_promised_is_announced() -> None:
    made = session()
    made.publish(BAKED, "c1", 1, **TOLD)
    [document] = made.pending["outbox"]
    data = {"cake_id": "c1", "price": "12.50", "day": "2026-03-05", "baker": None}
    assert json.loads(document["envelope"])["data"] == data


@pytest.mark.parametrize("forgotten", TOLD)
def test_a_producer_that_forgets_a_field_fails(forgotten: str) -> None:
    made = session()
    with pytest.raises(ValueError, match=f"baked: not as promised in {forgotten}"):
        made.publish(BAKED, "c1", 1, **{name: value for name, value in TOLD.items() if name != forgotten})
    assert not made.pending


@pytest.mark.parametrize("wrong", [{"cake_id": None}, {"price": "101"}, {"day": None}])
def test_a_producer_that_tells_what_no_reader_may_take_fails_and_the_value_is_not_said(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"baked: not as promised in \w+$"):
        session().publish(BAKED, "c1", 1, **{**TOLD, **wrong})
