"""What webhooks send, as published: valid AsyncAPI, as served, and what the services really announce."""

from __future__ import annotations

import datetime as dt
import importlib
import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from deploy.topology import SERVICES
from services.notifications.service import Notifications
from services.notifications.webhooks.catalogue import TYPES, FeedType
from services.notifications.webhooks.model import FeedEvent, body_of
from tests.contract.write_openapi import COMMITTED_EVENTS, as_text, document

HERE = Path(__file__).parent
NOW = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)
# Of AsyncAPI's own schemas (Apache-2.0; NOTICE), without their examples and descriptions.
STANDARD = json.loads((HERE / "asyncapi_3_0_0.schema.json").read_text())
# Heard as another event of people's: persons_imported tells of each person.
WIRE = {"people.person_registered": "people.persons_imported", "people.person_changed": "people.persons_imported"}
each_type = pytest.mark.parametrize("kind", TYPES, ids=[one.name for one in TYPES])


def published() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(COMMITTED_EVENTS.read_text())
    return found


def test_the_committed_document_is_the_served_one() -> None:
    renew = "renew it: python -m tests.contract.write_openapi"
    assert COMMITTED_EVENTS.exists(), renew
    assert as_text(document("/asyncapi.json")) == COMMITTED_EVENTS.read_text(), renew


def test_it_is_valid_by_the_standards_own_schema() -> None:
    assert [error.message for error in jsonschema_rs.validator_for(STANDARD).iter_errors(published())] == []
    assert not jsonschema_rs.is_valid(STANDARD, {**published(), "channels": {"webhook": {"messages": []}}})


@each_type
def test_a_body_as_it_is_sent_fits_its_published_schema(kind: FeedType) -> None:
    sample = json.loads((HERE / "samples" / f"{kind.name}.json").read_text())
    given: dict[str, Any] = {"id": "e1", "source": kind.source, "name": kind.event, "aggregate": "a1", "sequence": 2}
    actor: dict[str, Any] = {"actor_id": "u1", "actor_name": "Ana", "at": NOW, "stored_at": NOW}
    row = FeedEvent(**given, **actor, person_id="p1", attendance_id=None, data=kind.thin(sample))
    body = json.loads(body_of(row, "c1"))
    schema = {**published(), "$ref": f"#/components/schemas/{kind.name}"}
    assert [error.message for error in jsonschema_rs.validator_for(schema).iter_errors(body)] == []
    assert not jsonschema_rs.is_valid(schema, {**body, "sequence": "2"})


@each_type
def test_its_service_announces_what_it_is_said_to_tell(kind: FeedType) -> None:
    events = {one.name: one.schema().fields for one in importlib.import_module(f"services.{kind.source}.events").EVENTS}
    missing = set(kind.fields) - set(events[kind.event])
    assert missing == ({"person_id"} if kind.event == "person_erasure_requested" else set())


@each_type
def test_what_is_told_is_read_from_the_wire(kind: FeedType) -> None:
    """The handler's own schema drops what it does not name."""
    heard = vars(getattr(Notifications, f"on_{kind.source}_{kind.event}"))["chassis_subscriber"]
    missing = set(kind.fields) - set(heard.takes().fields)
    assert missing == ({"person_id"} if kind.event == "person_erasure_requested" else set())


def test_every_event_of_a_record_is_in_the_feed_or_left_out_for_a_reason() -> None:
    left_out = {
        "people.persons_imported": "told as person_registered and person_changed",
        "people.company_changed": "how the company works",
        "people.user_changed": "who may do what",
        "people.role_changed": "who may do what",
        "people.key_changed": "who may do what",
        "attendance.flow_changed": "how the company works",
        "attendance.message_filed": "an answer between services",
        "notifications.message_received": "entry_recorded follows it",
        "notifications.mailing_gathering_started": "an errand between services",
        "notifications.recipient_opted_out": "consent_changed follows it",
        "people.mailing_audience_gathered": "an errand between services",
        "people.mailing_candidates_found": "an errand between services",
        "attendance.mailing_candidates_chosen": "an errand between services",
        "sales.document_sent": "an errand between services",
        "sales.nfe_requested": "an errand between services",
        "sales.nfe_sent": "an errand between services",
        "sales.products_changed": "how the company works",
        "sales.commission_closed": "of a seller's account, which has its own rights",
        **{f"{one.name}.person_data_erased": "a receipt between services" for one in SERVICES},
    }
    announced = {
        f"{one.name}.{event.name}"
        for one in SERVICES
        for event in importlib.import_module(f"services.{one.name}.events").EVENTS
    }
    told = {one.name for one in TYPES}
    assert announced - told - set(left_out) == set()
    assert told <= announced
