"""Rows S9, S12, S13, S17, S18, S20, S22: what a company's sales refuse across records, and by which code."""

from __future__ import annotations

from typing import Any

import pytest

from services.chassis.handling.session import Actor
from services.chassis.replicas.replica import LAST
from services.sales.actions import commands as actions
from services.sales.contracts import commands as contracts
from services.sales.documents import commands as documents
from services.sales.fiscal import commands as fiscal
from services.sales.nfe import commands as nfe
from services.sales.nfe import queries as nfe_queries
from services.sales.opportunities import commands as opportunities
from services.sales.opportunities import queries as opportunities_queries
from services.sales.orders import commands as orders
from services.sales.quote_links import commands as quote_links
from services.sales.quotes import commands as quotes
from services.sales.receivables import commands as receivables
from services.sales.service_orders import commands as service_orders
from services.sales.templates import commands as templates
from tests.support.builders.sales_in_memory import with_two_buyers
from tests.support.fakes.memory import Memory

ITEM = {"code": "P1", "description": "Bolo", "quantity": "1", "unit_price": "10.00"}
SERVICE = {**ITEM, "code": "INSTALACAO", "kind": "service"}
OFFER: dict[str, Any] = {"items": [ITEM]}
PLACE = {"city": "São Paulo", "city_code": "3550308", "state": "SP"}


@pytest.fixture
def company() -> Memory:
    return with_two_buyers()


def opportunity(company: Memory, person: str = "p1") -> dict[str, Any]:
    made: dict[str, Any] = company.ask(opportunities.create_opportunity, person_id=person, description="Plano")
    return made


def placed(company: Memory, *items: dict[str, Any], **fields: Any) -> dict[str, Any]:
    body = {"person_id": "p1", "items": [*items] or [ITEM], **fields}
    made: dict[str, Any] = company.ask(orders.place_order, **body)
    return made


# Opportunities and their actions.


def test_nothing_is_written_again_where_an_erasure_has_taken_a_text(company: Memory) -> None:
    """What ends or assigns something goes on: it tells nothing of the person."""
    made, other = (
        opportunity(company),
        company.ask(quotes.make_quote, opportunity_id=opportunity(company)["id"], **OFFER),
    )
    company.collection("persons").put({"_id": "p1", "sequence": LAST, "erased": True, "name": "Pessoa apagada"})
    one = {"opportunity_id": made["id"]}
    for use_case, data in (
        (opportunities.change_opportunity, {**one, "description": "De Rita"}),
        (actions.add_action, {**one, "text": "Ligar para Rita"}),
        (quotes.make_quote, {**one, **OFFER}),
        (quotes.revise_quote, {"quote_id": other["id"], **OFFER, "notes": "Rita"}),
        (quote_links.make_quote_link, {"quote_id": other["id"]}),
    ):
        assert company.refusal(use_case, **data) == "person_erased", use_case.__name__
    assert company.ask(opportunities.change_opportunity, **one, success_percent=10)["success_percent"] == 10


def test_an_opportunity_is_changed_as_it_was_seen(company: Memory) -> None:
    made = opportunity(company)
    changed = {"opportunity_id": made["id"], "version": made["version"]}
    company.ask(opportunities.change_opportunity, **changed, description="Plano novo")
    assert company.refusal(opportunities.change_opportunity, **changed, description="Outro") == "version_changed"
    company.ask(opportunities.change_opportunity, opportunity_id=made["id"], description="Sem versão")


def test_a_stranger_is_not_made_responsible(company: Memory) -> None:
    made = opportunity(company)
    body = {"opportunity_id": made["id"], "responsible_id": "u7"}
    assert company.refusal(opportunities.change_opportunity, **body) == "user_not_found"
    assert company.ask(opportunities.change_opportunity, **{**body, "responsible_id": "me"})["responsible_id"] == "u1"


# Orders, quotes and what comes of them.


def test_an_order_is_of_the_person_whose_conversation_it_is(company: Memory) -> None:
    of_another = opportunity(company, "p2")
    body = {"person_id": "p1", **OFFER, "opportunity_id": of_another["id"]}
    assert company.refusal(orders.place_order, **body) == "conversation_of_another_person"
    assert company.ask(orders.place_order, **{**body, "person_id": "p2"})["opportunity_id"] == of_another["id"]
    assert company.refusal(orders.place_order, **{**body, "person_id": "p9"}) == "person_not_found"
    assert company.refusal(orders.place_order, person_id="p1", **OFFER, seller_id="p2") == "seller_not_entitled"


def test_a_quote_needs_a_conversation(company: Memory) -> None:
    assert company.refusal(quotes.make_quote, **OFFER) in ("conversation_missing", "input_invalid")
    made = company.ask(quotes.make_quote, opportunity_id=opportunity(company)["id"], **OFFER)
    again = {"quote_id": made["id"], **OFFER}
    assert len(company.ask(quotes.revise_quote, **again)["versions"]) == 1, "the same offer makes no version"


def test_an_order_is_cancelled_once_and_deleted_unless_its_services_were_done(company: Memory) -> None:
    made = placed(company)
    company.ask(orders.cancel_order, order_id=made["id"], reason="Erro.")
    assert company.refusal(orders.cancel_order, order_id=made["id"], reason="Erro.") == "order_cancelled"
    with_services = placed(company, SERVICE)
    (service,) = company.documents("service_orders")
    company.ask(service_orders.finish_service_order, service_order_id=service["_id"])
    assert company.refusal(orders.delete_order, order_id=with_services["id"]) == "order_service_done"
    company.ask(orders.cancel_order, order_id=with_services["id"], reason="Erro.")
    assert [one["status"] for one in company.documents("service_orders")] == ["done"], "what was done stays done"


def test_with_a_cancelled_order_its_open_services_are_cancelled_and_with_a_deleted_one_removed(company: Memory) -> None:
    made = placed(company, SERVICE)
    company.ask(orders.cancel_order, order_id=made["id"], reason="Erro.")
    assert [one["status"] for one in company.documents("service_orders")] == ["cancelled"]
    company.ask(orders.delete_order, order_id=placed(company, SERVICE)["id"])
    assert [one["status"] for one in company.documents("service_orders")] == ["cancelled"]


# What other systems put.


def test_what_another_system_puts_is_one_record_a_person_and_id(company: Memory) -> None:
    bill = {"external_id": "ERP-1", "due_date": "2026-12-01", "amount": "10.00"}
    deal = {"external_id": "ERP-1", "items": [ITEM], "starts_on": "2026-12-01"}
    work = {"external_id": "ERP-1", "description": "Instalação", "items": [SERVICE], "opened_on": "2026-11-01"}
    invoice = {"external_id": "ERP-1", "number": "1", "issued_on": "2026-11-01", "amount": "10.00"}
    for put, body in (
        (receivables.put_receivable, bill),
        (contracts.put_contract, deal),
        (service_orders.put_service_order, work),
        (service_orders.put_service_invoice, invoice),
    ):
        one, again, other = (company.ask(put, person_id=person, **body)["id"] for person in ("p1", "p1", "p2"))
        assert one == again != other
        assert company.refusal(put, person_id="p9", **body) == "person_not_found"


def test_a_put_record_that_has_ended_is_not_put_again(company: Memory) -> None:
    bill = {"person_id": "p1", "external_id": "E", "due_date": "2026-12-01", "amount": "10.00"}
    made = company.ask(receivables.put_receivable, **bill)["id"]
    paid = company.ask(receivables.settle_receivable, receivable_id=made)["payments"][0]["id"]
    assert company.refusal(receivables.put_receivable, **bill) == "receivable_not_open"
    assert company.refusal(receivables.settle_receivable, receivable_id=made) == "receivable_not_open"
    back = {"receivable_id": made, "payment_id": paid, "reason": "Engano."}
    company.ask(receivables.reverse_payment, **back)
    assert company.refusal(receivables.reverse_payment, **back) == "payment_reversed"
    deal = {"person_id": "p1", "external_id": "E", "items": [ITEM], "starts_on": "2026-12-01"}
    company.ask(contracts.stop_contract, contract_id=company.ask(contracts.put_contract, **deal)["id"], reason="Fim")
    assert company.refusal(contracts.put_contract, **deal) == "contract_stopped"


def test_an_invoice_of_services_is_of_the_person_of_its_order(company: Memory) -> None:
    work = {"external_id": "E", "description": "Instalação", "items": [SERVICE], "opened_on": "2026-11-01"}
    order = company.ask(service_orders.put_service_order, person_id="p1", **work)["id"]
    bill = {"external_id": "E", "number": "1", "issued_on": "2026-11-01", "amount": "10.00", "service_order_id": order}
    refusal = company.refusal(service_orders.put_service_invoice, person_id="p2", **bill)
    assert refusal == "service_order_of_another_person"
    assert company.ask(service_orders.put_service_invoice, person_id="p1", **bill)["service_order_id"] == order


@pytest.mark.parametrize("day", ["2026-11-25", "2031-01-01"])
def test_what_was_done_or_paid_was_done_by_today(company: Memory, day: str) -> None:
    work = {"external_id": "E", "description": "Instalação", "items": [SERVICE], "opened_on": "2026-11-01"}
    put = {"person_id": "p1", **work}
    assert company.refusal(service_orders.put_service_order, **put, status="done", done_on=day) == "date_future"
    order = company.ask(service_orders.put_service_order, **put)["id"]
    assert company.refusal(service_orders.finish_service_order, service_order_id=order, done_on=day) == "date_future"
    bill = {"person_id": "p1", "external_id": "E", "due_date": "2026-12-01", "amount": "10.00"}
    owed = company.ask(receivables.put_receivable, **bill)["id"]
    assert company.refusal(receivables.settle_receivable, receivable_id=owed, paid_on=day) == "date_future"


# Documents and NF-e.


def test_a_document_is_sent_by_who_has_a_mail_account_and_as_it_is_now(company: Memory) -> None:
    made = company.ask(quotes.make_quote, opportunity_id=opportunity(company)["id"], **OFFER)
    body = {"kind": "quote", "quote_id": made["id"], "number": 1, "recipients": ["c@x.example"], "paper": None}
    assert company.refusal(documents.send_document, **body) == "mail_account_missing"
    company.actor = Actor("u1", "Ana", permissions=(documents.MAIL_ACCOUNT,))
    assert company.refusal(documents.send_document, **body) == "document_outdated"
    assert company.refusal(documents.send_document, **{**body, "number": 2}) == "quote_version_void"


def test_numbers_of_nfe_begin_in_a_series(company: Memory) -> None:
    assert company.refusal(fiscal.change_fiscal_settings, next_number=7) == "nfe_series_missing"
    company.ask(fiscal.change_fiscal_settings, series=1, next_number=7)
    wrong = {"address": {**PLACE, "state": "PR"}}
    assert company.refusal(fiscal.change_fiscal_settings, **wrong) == "city_unknown"


def test_an_order_asks_for_one_nfe_of_goods_in_reais_while_it_stands(company: Memory) -> None:
    made = placed(company)
    asked = company.ask(nfe.request_nfe, order_id=made["id"])
    assert asked["status"] == "incomplete"
    assert company.refusal(nfe.request_nfe, order_id=made["id"]) == "nfe_exists"
    cases = {
        "nfe_without_goods": placed(company, SERVICE),
        "nfe_of_purchase": placed(company, kind="purchase"),
        "nfe_currency_unsupported": placed(company, currency="USD"),
    }
    for code, order in cases.items():
        assert company.refusal(nfe.request_nfe, order_id=order["id"]) == code
    cancelled = placed(company)["id"]
    company.ask(orders.cancel_order, order_id=cancelled, reason="Erro.")
    assert company.refusal(nfe.request_nfe, order_id=cancelled) == "order_cancelled"
    assert company.refusal(nfe_queries.get_nfe_xml, id=asked["id"]) == "nfe_not_built"
    assert company.refusal(nfe_queries.get_nfe, id="x") == "nfe_not_found"


def test_an_action_ends_once_and_one_that_was_done_is_an_interaction(company: Memory) -> None:
    of = opportunity(company)["id"]
    made, other = (company.ask(actions.add_action, opportunity_id=of, text="Ligar").id for _ in range(2))
    before = company.ask(opportunities_queries.get_opportunity, id=of)["last_interaction_at"]
    company.ask(actions.settle_action, action_id=other, situation="cancelled")
    assert company.ask(opportunities_queries.get_opportunity, id=of)["last_interaction_at"] == before
    done = company.ask(actions.settle_action, action_id=made, situation="done")
    assert company.ask(opportunities_queries.get_opportunity, id=of)["last_interaction_at"] == done.settled_at
    assert company.refusal(actions.settle_action, action_id=made, situation="cancelled") == "action_settled"


def test_a_template_is_changed_as_it_was_seen_and_has_its_own_name(company: Memory) -> None:
    one, two = (
        company.ask(templates.add_template, kind="quote", name=name, subject="Proposta", body="<p>x</p>")
        for name in ("Um", "Dois")
    )
    body = {"kind": "quote", "subject": "Proposta", "body": "<p>x</p>"}
    assert company.refusal(templates.add_template, **body, name=" UM") == "template_exists"
    assert company.refusal(templates.change_template, template_id=two["id"], name="um") == "template_exists"
    assert company.ask(templates.change_template, template_id=one["id"], name="UM")["name"] == "UM"
    seen = {"template_id": one["id"], "version": one["version"]}
    assert company.refusal(templates.change_template, **seen, subject="Outra") == "version_changed"
    assert company.refusal(templates.delete_template, template_id="builtin-quote") == "template_built_in"
    company.ask(templates.delete_template, template_id=two["id"])
    assert company.refusal(templates.choose_template, template_id=two["id"]) == "template_not_found"


def test_a_number_of_nfe_that_was_taken_is_not_begun_with_again(company: Memory) -> None:
    company.ask(fiscal.change_fiscal_settings, series=1, next_number=7)
    assert company.refusal(fiscal.change_fiscal_settings, next_number=6) == "nfe_number_used"
    company.ask(fiscal.change_fiscal_settings, next_number=7)
    company.ask(fiscal.change_fiscal_settings, next_number=9)


def test_an_order_waits_for_its_nfe_and_one_that_was_never_sent_goes_with_it(company: Memory) -> None:
    made = placed(company)
    asked = company.ask(nfe.request_nfe, order_id=made["id"])["id"]
    for status in ("sent", "authorised"):
        company.collection("nfes").put({"_id": asked, "status": status})
        assert company.refusal(orders.cancel_order, order_id=made["id"], reason="Erro.") == "order_invoiced"
        assert company.refusal(orders.delete_order, order_id=made["id"]) == "order_invoiced"
    company.collection("nfes").put({"_id": asked, "status": "built", "number": 7})
    assert company.refusal(orders.delete_order, order_id=made["id"]) == "order_invoiced", "no number without its sale"
    company.ask(orders.cancel_order, order_id=made["id"], reason="Erro.")
    assert company.ask(nfe_queries.get_nfe, id=asked)["status"] == "cancelled"


def test_an_authorised_nfe_is_cancelled_with_the_certificate(company: Memory) -> None:
    asked = company.ask(nfe.request_nfe, order_id=placed(company)["id"])["id"]
    company.collection("nfes").put({"_id": asked, "status": "authorised"})
    reason = "Pedido em duplicidade, desfeito pelo cliente."
    assert company.refusal(nfe.cancel_nfe, nfe_id=asked, reason=reason) == "certificate_missing"
    assert company.refusal(nfe.submit_nfe, nfe_id=asked) == "nfe_authorised"
    company.collection("nfes").put({"_id": asked, "status": "built"})
    assert company.ask(nfe.cancel_nfe, nfe_id=asked, reason=reason)["status"] == "cancelled"
    assert company.refusal(nfe.cancel_nfe, nfe_id=asked, reason=reason) == "nfe_cancelled"


def test_who_asks_for_an_nfe_and_who_erases_its_person_take_turns(company: Memory) -> None:
    """An NF-e asked for in the moment of the erasure would keep what was erased (row P7)."""

    def turns_taken() -> list[int]:
        return [row["value"] for key, row in company.collection("numbers").kept.items() if key.endswith(nfe.UNISSUED)]

    asked = company.ask(nfe.request_nfe, order_id=placed(company)["id"])["id"]
    assert turns_taken() == [1]
    company.run(lambda tx: nfe.forget_unissued(tx, "p1"))
    assert turns_taken() == [2]
    assert company.ask(nfe_queries.get_nfe, id=asked)["status"] == "cancelled"
