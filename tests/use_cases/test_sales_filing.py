"""Rows S4, S6, S7, S9: an opportunity is moved, planned, marked, archived and brought back, one or many at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.sales.actions import commands as actions
from services.sales.closing.commands import close_opportunity_as_lost
from services.sales.filing import commands as filing
from services.sales.lost_reasons.commands import add_lost_reason
from services.sales.markers.commands import add_marker
from services.sales.opportunities import commands as opportunities
from services.sales.opportunities.queries import get_opportunity
from services.sales.pipeline.queries import list_stages
from services.sales.session import INDEXES, SalesSession
from tests.support.fakes.memory import Memory


@pytest.fixture
def memory() -> Memory:
    memory = Memory(SalesSession, INDEXES)
    memory.collection("persons").insert({"_id": "p1", "name": "Compradora"})
    return memory


def _new(memory: Memory) -> str:
    made = memory.ask(opportunities.create_opportunity, person_id="p1", description="Plano")
    return str(made["id"])


def _kept(memory: Memory, opportunity: str) -> dict[str, Any]:
    found: dict[str, Any] = memory.ask(get_opportunity, id=opportunity)
    return found


def _stages(memory: Memory) -> list[str]:
    return [stage.id for stage in memory.ask(list_stages).stages]


def _announced(memory: Memory) -> int:
    return len(memory.documents("outbox"))


def test_a_move_is_kept_and_announced(memory: Memory) -> None:
    opportunity, stages = _new(memory), _stages(memory)
    before = _announced(memory)
    memory.ask(opportunities.move_opportunity, opportunity_id=opportunity, stage_id=stages[2])
    assert _kept(memory, opportunity)["stage_id"] == stages[2]
    assert _announced(memory) == before + 1


@pytest.mark.parametrize(("place", "code"), [(-1, "outcome_required"), (None, "stage_not_found")])
def test_a_stage_that_closes_or_is_none_takes_nobody(memory: Memory, place: int | None, code: str) -> None:
    opportunity, stages = _new(memory), _stages(memory)
    to = {"opportunity_id": opportunity, "stage_id": "nenhum" if place is None else stages[place]}
    assert memory.refusal(opportunities.move_opportunity, **to) == code
    assert _kept(memory, opportunity)["stage_id"] == stages[0]


def test_what_is_archived_rests_until_it_is_brought_back(memory: Memory) -> None:
    opportunity, stages = _new(memory), _stages(memory)
    one = {"opportunity_id": opportunity}
    assert memory.refusal(filing.unarchive_opportunity, **one) == "opportunity_not_archived"
    memory.ask(filing.archive_opportunity, **one)
    assert _kept(memory, opportunity)["archived_at"] is not None
    assert memory.refusal(filing.archive_opportunity, **one) == "opportunity_archived"
    assert memory.refusal(opportunities.move_opportunity, **one, stage_id=stages[1]) == "opportunity_archived"
    memory.ask(filing.unarchive_opportunity, **one)
    assert _kept(memory, opportunity)["archived_at"] is None
    memory.ask(opportunities.move_opportunity, **one, stage_id=stages[1])


def test_many_are_archived_and_brought_back_each_for_itself(memory: Memory) -> None:
    one, two = _new(memory), _new(memory)
    memory.ask(filing.archive_opportunity, opportunity_id=one)
    report = memory.ask(filing.archive_opportunities, ids=[one, two, "outra", two])
    assert [item["code"] for item in report["items"]] == ["opportunity_archived", None, "opportunity_not_found"]
    assert (report["done"], report["refused"]) == (1, 2)
    report = memory.ask(filing.unarchive_opportunities, ids=[one, two])
    assert (report["done"], report["refused"]) == (2, 0)
    assert [_kept(memory, each)["archived_at"] for each in (one, two)] == [None, None]


def test_markers_are_put_on_and_taken_off_many(memory: Memory) -> None:
    ids = [_new(memory), _new(memory)]
    fair, hint = (memory.ask(add_marker, name=name)["id"] for name in ("Feira", "Indicação"))
    memory.ask(filing.mark_opportunities, ids=ids, add=[fair, hint])
    memory.ask(filing.mark_opportunities, ids=ids[:1], remove=[fair])
    shown = [[marker.id for marker in _kept(memory, one)["markers"]] for one in ids]
    assert shown == [[hint], [fair, hint]]
    assert memory.refusal(filing.mark_opportunities, ids=ids, add=["nenhum"]) == "marker_not_found"


def test_an_actions_day_and_user_change_until_it_is_settled(memory: Memory) -> None:
    opportunity, day = _new(memory), dt.date(2027, 3, 4)
    action = memory.ask(actions.add_action, opportunity_id=opportunity, text="Ligar", due_on="2027-03-01").id
    changed = memory.ask(actions.change_action, action_id=action, due_on=str(day))
    assert (changed.due_on, changed.text) == (day, "Ligar")
    assert _kept(memory, opportunity)["contact_date"] == day
    memory.ask(actions.settle_action, action_id=action, state="done")
    assert memory.refusal(actions.change_action, action_id=action, due_on=str(day)) == "action_settled"
    assert memory.refusal(actions.change_action, action_id="outra", due_on=None) == "action_not_found"


def test_a_closed_one_takes_no_action_and_no_move(memory: Memory) -> None:
    opportunity, stages = _new(memory), _stages(memory)
    reason = memory.ask(add_lost_reason, name="Mudou-se")["code"]
    memory.ask(close_opportunity_as_lost, opportunity_id=opportunity, reason=reason)
    assert memory.refusal(actions.add_action, opportunity_id=opportunity, text="Ligar") == "opportunity_closed"
    to = {"opportunity_id": opportunity, "stage_id": stages[1]}
    assert memory.refusal(opportunities.move_opportunity, **to) == "opportunity_closed"
