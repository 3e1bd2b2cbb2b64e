"""Row A10: the customer receives a copy only where its author chose so, once; only for a user who may send one.

The copy carries the entry's files.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders.attendance import case_with_address, user
from tests.support.problems import refused
from tests.support.stack.system import Client, System


@pytest.fixture
def case(ana: Client) -> dict[str, Any]:
    """An attendance of a person with an address of her own."""
    return case_with_address(ana)


def test_a_user_without_a_mail_account_cannot_notify(system: System, ana: Client, case: dict[str, Any]) -> None:
    attendant = user(system, "attendant")
    body = {"text": "Queria avisar.", "notify_customer": True}
    refused(attendant.request("POST", case["path"], json=body), 403, "mail_account_missing")
    assert ana.get(case["path"])["items"] == []
    assert attendant.post(case["path"], {"text": "Sem aviso."})["kind"] == "note"


def test_a_person_without_an_address_cannot_be_notified(ana: Client) -> None:
    person = ana.register("Sem e-mail")
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "x"})
    body = {"text": "x", "notify_customer": True}
    answer = ana.request("POST", f"/v1/attendances/{opened['id']}/entries", json=body)
    refused(answer, 409, "person_email_missing")
