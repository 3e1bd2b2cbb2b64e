"""Rows S1 to S9: opportunities, their legends and idleness, stages, markers, actions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import Conflict, NotFound
from services.sales.actions.model import CANCELLED, DONE, PENDING, Action
from services.sales.closing.model import Closing
from services.sales.markers.model import Markers
from services.sales.opportunities.model import LEGENDS, Opportunity, conversation_id
from services.sales.pipeline.model import Pipeline
from services.sales.settings.model import Settings

ZONE = ZoneInfo("America/Sao_Paulo")
LATE = dt.datetime(2026, 7, 2, 1, tzinfo=dt.UTC)  # still 1 July in São Paulo
TODAY = dt.date(2026, 7, 1)
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)
PIPELINE = Pipeline.default("c1")
ENDED = Closing("Ana")

days = st.dates(dt.date(2024, 1, 1), dt.date(2028, 12, 31))
moments = st.integers(0, 5 * 365 * 1440).map(lambda minutes: dt.datetime(2024, 1, 1, tzinfo=dt.UTC) + minutes * MINUTE)


def created(contact_date: dt.date | None = None, **data: Any) -> Opportunity:
    given = {"person_id": "p1", "description": "Plano", "contact_date": contact_date, **data}
    return Opportunity.create("o1", "c1", PIPELINE.first, LATE, TODAY, given)


def code_of(what: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises((Conflict, NotFound)) as refusal:
        what(*arguments, **named)
    return refusal.value.code


def test_the_contact_date_defaults_to_today() -> None:
    assert created().contact_date == TODAY


def test_the_conversation_follows_from_company_and_opportunity() -> None:
    assert created().attendance_id == conversation_id("c1", "o1") == created().attendance_id
    assert len({conversation_id("c1", "o1"), conversation_id("c2", "o1"), conversation_id("c1", "o2")}) == 3
    assert len(created().attendance_id) == 32


def test_it_does_not_begin_closed() -> None:
    with pytest.raises(Conflict, match="stage_closing"):
        Opportunity.create("o1", "c1", PIPELINE.closing, LATE, TODAY, {"person_id": "p1", "description": "x"})


@pytest.mark.parametrize(("shift", "legend"), [(-1, "overdue"), (0, "today"), (1, "open")])
def test_the_legend_compares_the_contact_date_with_today(shift: int, legend: str) -> None:
    opportunity = created(TODAY + shift * DAY)
    assert opportunity.legend(TODAY) == legend
    opportunity.close(LATE, PIPELINE.closing, ENDED)
    assert opportunity.legend(TODAY) == "closed"


def test_an_internal_date_shows_where_nothing_is_due() -> None:
    assert created(TODAY + DAY, internal_contact_date=TODAY).legend(TODAY) == "internal_date"
    assert created(TODAY, internal_contact_date=TODAY).legend(TODAY) == "today"


@given(contact=days, today=days, internal=st.none() | days, closed=st.booleans())
def test_there_is_one_legend_whatever_the_dates(
    contact: dt.date, today: dt.date, internal: dt.date | None, closed: bool
) -> None:
    opportunity = created(contact, internal_contact_date=internal)
    if closed:
        opportunity.close(LATE, PIPELINE.closing, ENDED)
    legend = opportunity.legend(today)
    assert legend in LEGENDS
    assert (legend == "closed") is closed
    assert (legend == "overdue") is (contact < today and not closed)
    assert (legend == "today") is (contact == today and not closed)


@given(now=moments, active=moments, contact=days, idle_days=st.integers(1, 400), zone=st.sampled_from(
    ["America/Sao_Paulo", "America/Manaus", "America/Noronha", "UTC"]
))  # fmt: skip
def test_idle_is_so_many_calendar_days_without_interaction_and_no_contact_ahead(
    now: dt.datetime, active: dt.datetime, contact: dt.date, idle_days: int, zone: str
) -> None:
    there = ZoneInfo(zone)
    today = now.astimezone(there).date()
    opportunity = created(contact)
    opportunity.created_at = active
    expected = (today - active.astimezone(there).date()).days >= idle_days and contact < today
    assert opportunity.idle(today, Settings(idle_days).active_before(today, there)) is expected


def test_closed_and_archived_ones_are_never_idle() -> None:
    ahead = LATE + 400 * DAY
    one, other = created(TODAY - DAY), created(TODAY - DAY)
    assert one.idle(TODAY, ahead)
    one.close(LATE, PIPELINE.closing, ENDED)
    other.archive(LATE)
    assert not one.idle(TODAY, ahead)
    assert not other.idle(TODAY, ahead)


@given(st.lists(st.tuples(st.integers(0, 9), st.none() | days), min_size=1), st.randoms())
def test_the_last_interaction_and_its_plan_win_in_any_order(entries: list[tuple[int, Any]], chance: Any) -> None:
    entries = [(hour, plan) for hour, plan in dict(entries).items()]
    told = entries[:]
    chance.shuffle(told)
    opportunity = created()
    for hour, plan in told:
        opportunity.interacted(LATE + hour * HOUR, plan)
    last, plan = max(entries)
    assert opportunity.last_interaction_at == LATE + last * HOUR
    if plan:
        assert opportunity.contact_date == plan


def test_closing_twice_is_closing_once() -> None:
    opportunity = created()
    assert opportunity.close(LATE, PIPELINE.closing, ENDED)
    assert not opportunity.close(LATE + HOUR, PIPELINE.closing, ENDED)
    assert (opportunity.status, opportunity.closed_at, opportunity.stage_id) == ("closed", LATE, PIPELINE.closing.id)


def test_it_moves_until_it_is_closed() -> None:
    opportunity = created()
    opportunity.move(PIPELINE.stages[2])
    assert (opportunity.stage_id, opportunity.status) == (PIPELINE.stages[2].id, "open")
    opportunity.close(LATE, PIPELINE.closing, ENDED)
    assert opportunity.status == "closed"
    assert code_of(opportunity.move, PIPELINE.first) == "opportunity_closed"
    assert code_of(opportunity.change, {"description": "x"}) == "opportunity_closed"


def test_an_archived_one_rests_until_it_is_brought_back() -> None:
    opportunity = created()
    assert code_of(opportunity.unarchive) == "opportunity_not_archived"
    opportunity.archive(LATE)
    assert code_of(opportunity.archive, LATE) == "opportunity_archived"
    assert code_of(opportunity.move, PIPELINE.stages[1]) == "opportunity_archived"
    opportunity.unarchive()
    opportunity.change({"amount": Decimal("2.50")})
    assert opportunity.amount == Decimal("2.50")


def test_markers_go_on_once_come_off_and_fall_off_when_deleted() -> None:
    opportunity = created()
    opportunity.mark(["a", "b", "a"], [], ["a", "b", "c"])
    assert opportunity.markers == ["a", "b"]
    opportunity.mark(["c"], ["a"], ["a", "c"])
    assert opportunity.markers == ["c"]
    many = [str(number) for number in range(21)]
    assert code_of(opportunity.mark, many, [], many) == "opportunity_markers_too_many"


def test_the_default_stages_are_always_the_same() -> None:
    names = [stage.name for stage in PIPELINE.stages]
    assert names == ["Prospecção", "Contato realizado", "Proposta apresentada", "Negociação", "Encerrado"]
    assert Pipeline.default("c1") == PIPELINE
    assert Pipeline.default("c2").first.id != PIPELINE.first.id


def test_there_are_ten_stages_at_most_each_with_a_name_of_its_own() -> None:
    pipeline = Pipeline.default("c1")
    for number in range(5):
        pipeline.add(str(number), f"Estágio {number}")
    assert code_of(pipeline.add, "x", "Mais um") == "stages_full"
    pipeline.remove("0", in_use=False)
    assert code_of(pipeline.add, "x", " prospeccao") == "stage_exists"


def test_a_stage_in_use_the_closing_one_and_the_last_one_stay() -> None:
    pipeline = Pipeline.default("c1")
    assert code_of(pipeline.remove, pipeline.first.id, in_use=True) == "stage_in_use"
    assert code_of(pipeline.remove, pipeline.closing.id, in_use=False) == "stage_closing"
    assert code_of(pipeline.remove, "nothing", in_use=False) == "stage_not_found"
    for stage in pipeline.stages[:3]:
        pipeline.remove(stage.id, in_use=False)
    assert code_of(pipeline.remove, pipeline.first.id, in_use=False) == "stage_last"


@given(st.lists(st.tuples(st.sampled_from("armv"), st.integers(0, 9), st.integers(1, 10)), max_size=40))
def test_the_closing_stage_stays_the_last_whatever_is_done(steps: list[tuple[str, int, int]]) -> None:
    pipeline = Pipeline.default("c1")
    closing = pipeline.closing
    for number, (step, which, position) in enumerate(steps):
        stage = pipeline.stages[which % len(pipeline.stages)]
        try:
            if step == "a":
                pipeline.add(f"n{number}", f"Novo {number}", position)
            elif step == "r":
                pipeline.remove(stage.id, in_use=False)
            elif step == "m":
                pipeline.change(stage.id, position=position)
            else:
                pipeline.change(stage.id, name=f"Outro {number}")
        except Conflict:
            continue
    assert pipeline.closing is closing
    assert [stage.closing for stage in pipeline.stages].count(True) == 1
    assert 2 <= len(pipeline.stages) <= 10
    assert len({stage.id for stage in pipeline.stages}) == len(pipeline.stages)


def test_stages_are_put_in_order() -> None:
    pipeline = Pipeline.default("c1")
    first = pipeline.first
    pipeline.change(first.id, position=3)
    assert pipeline.stages[2] is first
    pipeline.change(first.id, position=10)
    assert pipeline.stages[3] is first
    assert code_of(pipeline.change, pipeline.closing.id, position=1) == "stage_closing"


def test_markers_have_names_of_their_own() -> None:
    markers = Markers()
    one = markers.add("m1", "Urgente", "#ff0000")
    assert code_of(markers.add, "m2", "URGENTE", "#000000") == "marker_exists"
    markers.change("m1", name="urgente", colour="#00ff00")
    assert (one.name, one.colour) == ("urgente", "#00ff00")
    markers.remove("m1")
    assert code_of(markers.remove, "m1") == "marker_not_found"


def test_a_settled_action_stays_settled() -> None:
    action = Action(
        "a1", "o1", "t1", "p1", "s1", "call", "Ligar", TODAY, None, PENDING, "u1", "Ana", TODAY, LATE
    )  # fmt: skip
    action.change({"assignee_id": "u2"})
    action.settle(DONE, "u2", LATE)
    assert (action.situation, action.settled_by, action.settled_at) == (DONE, "u2", LATE)
    assert code_of(action.settle, CANCELLED, "u1", LATE) == "action_settled"
    assert code_of(action.change, {"due_on": None}) == "action_settled"
