"""Row A16: attendances open or closed, by person, user, center, type (or group) and period, combined as asked."""

from __future__ import annotations

import pytest

from tests.support.builders.asked import PATH, Office, found
from tests.support.builders.flows import user_id
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System


@pytest.fixture(scope="module")
def office(system: System, ana: Client) -> Office:
    return Office(system, ana)


def test_by_each_of_person_user_center_and_type(ana: Client, office: Office) -> None:
    assert found(ana, person_id=office.rita) == [office.two, office.one]
    assert found(ana, person_id=office.saulo) == [office.three]
    assert found(ana, user_id=user_id(office.caio)) == [office.three, office.two]
    assert found(ana, type_id=office.other) == [office.two]
    assert found(ana, type_id=office.made.leaf) == [office.one]
    assert found(ana, center_id=office.made.triage) == [office.one]


def test_one_is_found_by_its_reference(ana: Client, bruno: Client, office: Office) -> None:
    closed = ana.get(f"/v1/attendances/{office.closed}")
    assert found(ana, reference=closed["reference"]) == [office.closed]
    assert office.closed not in found(bruno, reference=closed["reference"])


def test_wrong_questions_are_refused(ana: Client, bruno: Client, office: Office) -> None:
    refused(bruno.request("GET", PATH, params={"person_id": office.rita}), 404, "person_not_found")
    refused(ana.request("GET", PATH, params={"type_id": "sumido"}), 404, "type_not_found")
    field_refused(ana.request("GET", PATH, params={"from": "2026-02-02", "to": "2026-02-01"}), "to")
