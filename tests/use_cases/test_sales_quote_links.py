"""Row S25: the links of a quote's page, what customers may answer there, and what of it stays."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.chassis.access import tokens
from services.sales.personal_data import INVENTORY
from services.sales.quote_links import commands, queries
from services.sales.quotes import commands as quotes_commands
from services.sales.quotes import queries as quotes_queries
from services.sales.session import INDEXES, SalesSession
from tests.support.fakes.memory import Memory

ITEM = {"code": "FORNO", "description": "Forno", "quantity": "1", "unit_price": "100.00"}


class Company(Memory):
    """One with a quote, whose page is opened by `link`."""

    def __init__(self) -> None:
        super().__init__(SalesSession, INDEXES)
        self.collection("persons").put({"_id": "p1", "name": "Padaria", "sequence": 1})
        self.collection("attendances").put({"_id": "a1", "person_id": "p1", "sequence": 1})
        self.quote = self.ask(quotes_commands.make_quote, attendance_id="a1", items=[ITEM])["id"]

    def link(self, **fields: Any) -> dict[str, str]:
        made = self.ask(commands.make_quote_link, quote_id=self.quote, **fields)
        read = tokens.read("vq", made["token"])
        assert read is not None
        assert (read.company, read.record) == (self.company, made["id"])
        return {"link_id": made["id"], "digest": read.digest}

    def answer(self, link: dict[str, str], kind: str, number: int = 1, **fields: Any) -> Any:
        return self.ask(commands.answer_quote, **link, kind=kind, number=number, **{"name": "Maria", **fields})

    def refused(self, link: dict[str, str], kind: str, number: int = 1, **fields: Any) -> str:
        given = {**link, "kind": kind, "number": number, "name": "Maria", **fields}
        return self.refusal(commands.answer_quote, **given)

    def revise(self, price: str = "90.00", **fields: Any) -> None:
        items = [{**ITEM, "unit_price": price}]
        self.ask(quotes_commands.revise_quote, quote_id=self.quote, items=items, **fields)

    def told(self) -> list[str]:
        return [row["name"] for row in self.documents("outbox")]


@pytest.fixture
def company() -> Company:
    return Company()


def test_the_secret_is_kept_as_its_digest_only(company: Company) -> None:
    made = company.ask(commands.make_quote_link, quote_id=company.quote)
    secret = made["token"].rpartition(".")[2]
    assert len(secret) == 43
    assert secret not in str(company.documents("quote_links"))


def test_a_link_shows_the_current_version_and_looking_changes_nothing(company: Company) -> None:
    link = company.link()
    before = company.snapshot()
    first = company.ask(queries.get_shared_quote, **link)
    assert (first["state"], first["shown"]["number"], first["person_name"]) == ("open", 1, "Padaria")
    assert company.snapshot() == before
    company.revise()
    second = company.ask(queries.get_shared_quote, **link)
    assert second["shown"]["number"] == 2
    assert second["document_hash"] != first["document_hash"]


def test_a_wrong_secret_a_revoked_and_an_expired_link_open_nothing(company: Company) -> None:
    link, other = company.link(), company.link()
    wrong = {**link, "digest": other["digest"]}
    assert company.refusal(queries.get_shared_quote, **wrong) == "quote_link_not_found"
    assert company.refused(wrong, "accepted") == "quote_link_not_found"
    for _ in range(2):
        revoked = company.ask(commands.revoke_quote_link, link_id=link["link_id"])
        assert revoked["state"] == "revoked"
    assert company.refusal(queries.get_shared_quote, **link) == "quote_link_revoked"
    assert company.refused(link, "accepted") == "quote_link_revoked"
    [row] = [one for one in company.documents("quote_links") if one["_id"] == other["link_id"]]
    company.collection("quote_links").put({**row, "expires_at": dt.datetime(2026, 11, 1, tzinfo=dt.UTC)})
    assert company.refusal(queries.get_shared_quote, **other) == "quote_link_expired"
    assert company.refused(other, "asked", comment="?") == "quote_link_expired"
    assert {one["state"] for one in company.ask(queries.list_quote_links, quote_id=company.quote)["items"]} == {
        "revoked", "expired",
    }  # fmt: skip


def test_a_new_link_leaves_the_older_ones_unless_it_is_asked_to_revoke_them(company: Company) -> None:
    first, second = company.link(), company.link()
    assert company.ask(queries.get_shared_quote, **first)
    third = company.link(revoke_others=True)
    for gone in (first, second):
        assert company.refusal(queries.get_shared_quote, **gone) == "quote_link_revoked"
    assert company.ask(queries.get_shared_quote, **third)


def test_a_quote_has_a_bounded_number_of_live_links(company: Company) -> None:
    for _ in range(20):
        company.link()
    assert company.refusal(commands.make_quote_link, quote_id=company.quote) == "quote_links_full"
    assert company.link(revoke_others=True)


def test_a_rejected_or_expired_quote_gets_no_link(company: Company) -> None:
    company.revise(valid_until="2026-11-01")
    assert company.refusal(commands.make_quote_link, quote_id=company.quote) == "quote_expired"
    company.ask(quotes_commands.reject_quote, quote_id=company.quote, number=2, reason="Não.")
    assert company.refusal(commands.make_quote_link, quote_id=company.quote) == "quote_rejected"
    assert company.refusal(commands.make_quote_link, quote_id="none") == "quote_not_found"


def test_accepting_approves_the_version_once_with_its_evidence(company: Company) -> None:
    link = company.link()
    seen = company.ask(queries.get_shared_quote, **link)
    proof: Any = {"address": "203.0.113.9", "user_agent": "Navegador", "comment": "Pode entregar."}
    for _ in range(3):
        assert company.answer(link, "accepted", **proof)["state"] == "accepted"
    assert len(company.documents("orders")) == 1
    assert company.told().count("quote_answered") == company.told().count("order_placed") == 1
    quote = company.ask(quotes_queries.get_quote, id=company.quote)
    assert (quote["status"], quote["versions"][0]["decided_by"]) == ("approved", "Cliente")
    [answer] = company.ask(queries.list_quote_answers, quote_id=company.quote)["items"]
    assert {name: getattr(answer, name) for name in (*proof, "kind", "number", "name", "document_hash")} == {
        **proof, "kind": "accepted", "number": 1, "name": "Maria", "document_hash": seen["document_hash"],
    }  # fmt: skip
    assert answer.at.utcoffset() == dt.timedelta(0)


def test_refusing_rejects_the_version_with_the_customers_words(company: Company) -> None:
    link = company.link()
    for _ in range(2):
        assert company.answer(link, "refused", comment="Caro.")["state"] == "refused"
    [version] = company.ask(quotes_queries.get_quote, id=company.quote)["versions"]
    assert (version["status"], version["reason"]) == ("rejected", "Caro.")
    assert company.refused(link, "accepted") == "quote_not_in_approval"
    assert company.told().count("quote_answered") == 1


def test_a_version_that_is_void_expired_or_decided_is_not_accepted(company: Company) -> None:
    link = company.link()
    company.revise()
    assert company.refused(link, "accepted", 1) == "quote_version_void"
    assert company.refused(link, "refused", 1) == "quote_version_void"
    company.revise("80.00", valid_until="2026-11-01")
    assert company.ask(queries.get_shared_quote, **link)["state"] == "expired"
    assert company.refused(link, "accepted", 3) == "quote_expired"
    company.revise("70.00")
    company.ask(quotes_commands.approve_quote, quote_id=company.quote, number=4)
    assert company.refused(link, "accepted", 4) == "quote_not_in_approval"
    assert company.refused(link, "refused", 4) == "quote_not_in_approval"
    assert company.documents("quote_answers") == []


def test_a_question_is_kept_and_told_and_there_are_not_too_many(company: Company) -> None:
    link = company.link()
    assert company.refused(link, "asked") == "question_missing"
    assert company.refused(link, "asked", name="", comment="?") == "input_invalid"
    for number in range(20):
        shown = company.answer(link, "asked", comment=f"Pergunta {number}")
    assert shown["questions"][0] == "Pergunta 19"
    assert company.refused(link, "asked", comment="Mais uma") == "quote_questions_too_many"
    assert company.told().count("quote_answered") == 20
    assert company.ask(quotes_queries.get_quote, id=company.quote)["status"] == "in_approval"


def test_a_further_question_about_a_refused_version_is_kept(company: Company) -> None:
    link = company.link()
    company.answer(link, "asked", comment="Tem desconto?")
    company.answer(link, "refused", comment="Caro.")
    shown = company.answer(link, "asked", comment="E em duas parcelas?")
    assert shown["questions"] == ["E em duas parcelas?", "Tem desconto?"]


def test_what_links_and_answers_hold_of_a_person_goes_with_an_erasure() -> None:
    held = {one.collection: one for one in INVENTORY}
    assert held["quote_links"].removes
    assert set(held["quote_answers"].erases) == {"name", "comment", "address", "user_agent"}


def test_a_quote_that_asks_for_the_nfe_makes_its_order_ask_for_it(company: Company) -> None:
    company.revise(nfe=True)
    approved = company.ask(quotes_commands.approve_quote, quote_id=company.quote, number=2)
    [nfe] = company.documents("nfes")
    assert (nfe["order_id"], nfe["status"]) == (approved["order_id"], "incomplete")


def test_a_quote_of_services_or_in_another_currency_asks_for_no_nfe(company: Company) -> None:
    revise, given = quotes_commands.revise_quote, {"quote_id": company.quote, "nfe": True}
    service = [{**ITEM, "kind": "service"}]
    assert company.refusal(revise, **given, items=service) == "nfe_without_goods"
    assert company.refusal(revise, **given, items=[ITEM], currency="USD") == "nfe_currency_unsupported"
