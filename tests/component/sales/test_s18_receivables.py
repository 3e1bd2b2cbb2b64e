"""Row S18: receivables open or settled, details, settled and taken back, and put by other systems."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.builders import people
from tests.support.builders.external import put_receivable
from tests.support.problems import refused
from tests.support.stack.system import Client


@pytest.fixture
def person(ana: Client) -> dict[str, Any]:
    return ana.register(f"Devedora {people.unique_word()}")


def test_a_settlement_is_taken_back(ana: Client, person: dict[str, Any]) -> None:
    title = put_receivable(ana, person, people.unique_word()).json()
    path = f"/v1/receivables/{title['id']}"
    reason = {"reason": "Cheque devolvido."}
    refused(ana.request("POST", f"{path}/payments/none/reverse", json=reason), 404, "payment_not_found")
    paid = ana.post(f"{path}/settle", {})["payments"][0]["id"]
    assert ana.post(f"{path}/payments/{paid}/reverse", reason)["state"] == "open"
    refused(ana.request("POST", f"{path}/payments/{paid}/reverse", json=reason), 409, "payment_reversed")


def test_pages_come_by_due_date_and_are_complete(ana: Client, person: dict[str, Any]) -> None:
    for day in ("03", "01", "02", "05", "04"):
        put_receivable(ana, person, people.unique_word(), due_on=f"2027-05-{day}")
    rows = ana.every(f"/v1/persons/{person['id']}/receivables", limit=2)
    seen = [row["due_on"] for row in rows]
    assert seen == [f"2027-05-0{day}" for day in range(1, 6)]


def test_what_is_no_receivable_is_refused(ana: Client, person: dict[str, Any]) -> None:
    refused(put_receivable(ana, person, "x", amount="1.001"), 422, "input_invalid")
    refused(put_receivable(ana, {"id": "none"}, "x"), 404, "person_not_found")
    refused(ana.request("GET", "/v1/receivables/none"), 404, "receivable_not_found")


def test_a_payment_is_of_today_at_the_latest_by_the_companys_calendar(ana: Client, person: dict[str, Any]) -> None:
    made = put_receivable(ana, person, people.unique_word()).json()
    settle = f"/v1/receivables/{made['id']}/settle"
    tomorrow = (dt.datetime.now(ZoneInfo("America/Sao_Paulo")) + dt.timedelta(days=1)).date()
    refused(ana.request("POST", settle, json={"paid_on": tomorrow.isoformat()}), 422, "date_future")
    assert ana.post(settle, {})["state"] == "settled"
