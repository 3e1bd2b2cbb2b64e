"""Row S15: the reasons of a loss are the company's own list."""

from __future__ import annotations

from typing import Any

import pytest

from services.sales.closing import commands as closing
from services.sales.lost_reasons import commands, queries
from services.sales.lost_reasons.model import MOST_REASONS
from services.sales.opportunities import commands as opportunities
from services.sales.opportunities import queries as opportunities_queries
from services.sales.session import INDEXES, SalesSession
from tests.support.fakes.memory import Memory


@pytest.fixture
def company() -> Memory:
    memory = Memory(SalesSession, INDEXES)
    memory.collection("persons").insert({"_id": "p1", "name": "Compradora", "categories": ["client"]})
    return memory


def opportunity(company: Memory) -> str:
    return str(company.ask(opportunities.create_opportunity, person_id="p1", description="Plano")["id"])


def lose(company: Memory, reason: str, **fields: Any) -> Any:
    return company.ask(closing.close_opportunity_as_lost, opportunity_id=opportunity(company), reason=reason, **fields)


def refused_loss(company: Memory, reason: str, **fields: Any) -> str:
    body = {"opportunity_id": opportunity(company), "reason": reason, **fields}
    return company.refusal(closing.close_opportunity_as_lost, **body)


def codes(company: Memory, **asked: Any) -> list[str]:
    return [one.code for one in company.ask(queries.list_lost_reasons, **asked)["items"]]


def test_a_company_begins_with_the_usual_reasons_and_adds_its_own(company: Memory) -> None:
    assert codes(company)[0] == "price"
    made = company.ask(commands.add_lost_reason, name="Mudou de cidade")
    assert codes(company)[-1] == made["code"]
    assert len(codes(company)) == 9
    lost = lose(company, made["code"])
    assert (lost["lost_reason"], lost["lost_reason_name"]) == (made["code"], "Mudou de cidade")
    (turn,) = company.documents("turns")
    assert turn["text"] == "Contato de venda encerrado como perdido: Mudou de cidade."


def test_only_a_reason_of_the_list_is_given_with_the_details_that_it_needs(company: Memory) -> None:
    assert refused_loss(company, "sold_elsewhere") == "lost_reason_not_found"
    assert refused_loss(company, "other") == "lost_reason_details_missing"
    assert lose(company, "other", details="Faliu.")["lost_reason"] == "other"
    company.ask(commands.change_lost_reason, code="price", needs_details=True)
    assert refused_loss(company, "price") == "lost_reason_details_missing"


def test_an_archived_reason_is_not_chosen_and_stays_readable_where_it_was(company: Memory) -> None:
    lost = lose(company, "price")
    company.ask(commands.archive_lost_reason, code="price")
    assert company.refusal(commands.archive_lost_reason, code="price") == "lost_reason_archived"
    assert "price" not in codes(company)
    assert "price" in codes(company, include_archived=True)
    assert refused_loss(company, "price") == "lost_reason_archived"
    again = company.ask(opportunities_queries.get_opportunity, id=lost["id"])
    assert again["lost_reason_name"] == "Preço"
    found = company.ask(opportunities_queries.search_opportunities, lost_reason="price")["items"]
    assert [one["id"] for one in found] == [lost["id"]]
    company.ask(commands.unarchive_lost_reason, code="price")
    assert company.refusal(commands.unarchive_lost_reason, code="price") == "lost_reason_not_archived"
    assert lose(company, "price")["outcome"] == "lost"


def test_a_renamed_reason_is_so_everywhere(company: Memory) -> None:
    lost = lose(company, "price")
    company.ask(commands.change_lost_reason, code="price", name="Caro demais")
    assert company.ask(opportunities_queries.get_opportunity, id=lost["id"])["lost_reason_name"] == "Caro demais"


def test_a_reason_is_deleted_unless_something_was_lost_for_it(company: Memory) -> None:
    lose(company, "price")
    assert company.refusal(commands.delete_lost_reason, code="price") == "lost_reason_in_use"
    company.ask(commands.delete_lost_reason, code="budget")
    assert "budget" not in codes(company, include_archived=True)
    for use_case in (commands.delete_lost_reason, commands.archive_lost_reason, commands.unarchive_lost_reason):
        assert company.refusal(use_case, code="budget") == "lost_reason_not_found"
    assert company.refusal(commands.change_lost_reason, code="budget", name="X") == "lost_reason_not_found"
    asked = {"lost_reason": "budget"}
    assert company.refusal(opportunities_queries.search_opportunities, **asked) == "lost_reason_not_found"


def test_one_reason_stays_and_no_two_have_one_name(company: Memory) -> None:
    assert company.refusal(commands.add_lost_reason, name="preco") == "lost_reason_exists"
    assert company.refusal(commands.change_lost_reason, code="budget", name="PREÇO") == "lost_reason_exists"
    company.ask(commands.change_lost_reason, code="price", name="preço")
    for code in codes(company)[1:]:
        company.ask(commands.archive_lost_reason, code=code)
    assert company.refusal(commands.archive_lost_reason, code="price") == "lost_reason_last"
    assert company.refusal(commands.delete_lost_reason, code="price") == "lost_reason_last"


def test_a_list_of_reasons_has_an_end(company: Memory) -> None:
    for number in range(MOST_REASONS - len(codes(company))):
        company.ask(commands.add_lost_reason, name=f"Motivo {number}")
    assert company.refusal(commands.add_lost_reason, name="Mais um") == "lost_reasons_full"
