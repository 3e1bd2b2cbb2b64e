"""What the gateway asks of sales is what sales reads: states that are repeated, days, amounts (rows S11 to S19)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.app import create_app
from gateway.http.keys import KeyRing
from services.chassis.schemas import load
from services.sales.service import Sales
from tests.support.fakes.gateway import CONFIG, FakeBus, bearer

RECEIVABLE = "/v1/receivables/r1"


@pytest.fixture(scope="module")
def made() -> Flask:
    return create_app(CONFIG)


@pytest.fixture
def asked(made: Flask) -> Any:
    """Sends a request, and gives what sales loads of it, by the schema of what was asked of it."""
    bus = FakeBus()
    object.__setattr__(made.extensions["vinculo"], "bus", bus)
    object.__setattr__(made.extensions["vinculo"], "keys", KeyRing())
    client: FlaskClient = made.test_client()

    def ask(method: str, path: str, body: Any = None) -> tuple[str, dict[str, Any]]:
        answer = client.open(path, method=method, json=body, headers={**bearer(), "If-Match": "*"})
        assert answer.status_code < 300, answer.text
        service, name, data, _ = bus.calls[-1]
        assert service == "sales"
        spec: Any = vars(getattr(Sales, name))["chassis_rpc"]
        return name, load(spec.takes, json.loads(json.dumps(data)))

    return ask


@pytest.mark.parametrize(
    ("path", "name", "wanted"),
    [
        (
            "/v1/orders?kind=purchase&state=approved&state=cancelled&from=2026-11-01&to=2026-11-30",
            "search_orders",
            {"kind": "purchase", "status": ["approved", "cancelled"], "ordered_to": "2026-11-30"},
        ),
        ("/v1/orders", "search_orders", {"kind": "sale", "status": [], "ordered_from": None}),
        (
            "/v1/quotes?state=rejected&from=2026-11-01",
            "search_quotes",
            {"status": ["rejected"], "created_from": "2026-11-01"},
        ),
        (
            "/v1/persons/p1/contracts?state=suspended&state=stopped&kind=fixed",
            "list_contracts",
            {"person_id": "p1", "status": ["suspended", "stopped"], "kind": ["fixed"], "billing": []},
        ),
        ("/v1/persons/p1/receivables", "list_receivables", {"status": ["open", "partially_settled"]}),
        ("/v1/persons/p1/receivables?state=settled", "list_receivables", {"status": ["settled"]}),
        ("/v1/contracts/billing-preview?on=2026-12-10", "get_billing_preview", {"on": "2026-12-10"}),
        ("/v1/contracts/billing-preview", "get_billing_preview", {"on": None, "limit": 20}),
        ("/v1/commission-account/balance", "get_commission_balance", {"person_id": None}),
        ("/v1/commission-account/balances?limit=5", "list_commission_balances", {"limit": 5}),
        ("/v1/lost-reasons?include_archived=true", "list_lost_reasons", {"include_archived": True}),
    ],
)
def test_a_list_is_asked_for_as_its_service_reads_it(asked: Any, path: str, name: str, wanted: dict[str, Any]) -> None:
    found, data = asked("GET", path)
    plain = json.loads(json.dumps(data, default=str))
    assert (found, {one: plain[one] for one in wanted}) == (name, wanted)


@pytest.mark.parametrize(
    ("method", "path", "body", "name", "wanted"),
    [
        (
            "POST", f"{RECEIVABLE}/settle", {"amount": "31.50", "interest": "1.50", "paid_on": "2026-11-20"},
            "settle_receivable", {"receivable_id": "r1", "amount": "31.50", "paid_on": "2026-11-20"},
        ),
        ("POST", f"{RECEIVABLE}/settle", {}, "settle_receivable", {"amount": None, "way": "other", "version": None}),
        (
            "POST", f"{RECEIVABLE}/payments/m1/reverse", {"reason": "Engano."},
            "reverse_payment", {"receivable_id": "r1", "payment_id": "m1", "reason": "Engano."},
        ),
        (
            "PUT", "/v1/persons/p1/contracts/E", {
                "starts_on": "2026-01-10", "due_day": 5, "bills_from": "2026-11-01",
                "items": [{"code": "P", "description": "P", "quantity": "1", "unit_price": "1"}],
            },
            "put_contract", {"due_day": 5, "bills_from": "2026-11-01", "external_id": "E"},
        ),
        ("POST", "/v1/lost-reasons", {"name": "Mudou"}, "add_lost_reason", {"name": "Mudou", "needs_details": False}),
        ("PATCH", "/v1/lost-reasons/x", {"name": "Y"}, "change_lost_reason", {"code": "x", "name": "Y"}),
        ("POST", "/v1/lost-reasons/x/archive", None, "archive_lost_reason", {"code": "x"}),
        ("POST", "/v1/lost-reasons/x/unarchive", None, "unarchive_lost_reason", {"code": "x"}),
        ("DELETE", "/v1/lost-reasons/x", None, "delete_lost_reason", {"code": "x"}),
    ],
)  # fmt: skip
def test_a_command_is_given_as_its_service_reads_it(
    asked: Any, method: str, path: str, body: Any, name: str, wanted: dict[str, Any]
) -> None:
    found, data = asked(method, path, body)
    plain = json.loads(json.dumps(data, default=str))
    assert (found, {one: plain[one] for one in wanted}) == (name, wanted)
