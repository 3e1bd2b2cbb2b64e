"""Critical factors (row A18): the days at their edges, on clocks with and without daylight saving; the lists."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.attendance.critical.model import NEAR, OVERDUE, CriticalTypes, Rules
from services.attendance.types.model.types import Type

BRASILIA = ZoneInfo("America/Sao_Paulo")
NEW_YORK = ZoneInfo("America/New_York")
NOW = dt.datetime(2026, 11, 24, 15, 0, tzinfo=dt.UTC)
SECOND, DAY = dt.timedelta(seconds=1), dt.timedelta(days=1)


def rules(*types: Type, zone: dt.tzinfo = BRASILIA, overdue: int = 5, near: int = 2) -> Rules:
    return Rules(overdue, near, zone, CriticalTypes(types))


def kind(due_at: dt.datetime | None, of: Rules | None = None, type_id: str | None = None) -> str | None:
    factor = (of or rules()).judge(due_at, type_id, NOW)
    return factor.kind if factor else None


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        (5 * DAY, None),
        (5 * DAY + SECOND, OVERDUE),
        (5 * DAY - SECOND, None),
        (SECOND, None),
        (dt.timedelta(), NEAR),
        (-2 * DAY, NEAR),
        (-2 * DAY - SECOND, None),
        (-2 * DAY + SECOND, NEAR),
    ],
)
def test_the_days_at_their_edges(late: dt.timedelta, expected: str | None) -> None:
    assert kind(NOW - late) == expected


def test_without_a_due_date_there_is_no_factor() -> None:
    assert kind(None) is None


@pytest.mark.parametrize(
    ("day", "expected"),
    [(17, OVERDUE), (18, OVERDUE), (19, None), (22, None), (23, None), (24, NEAR), (25, NEAR), (26, None)],
)
def test_without_a_due_date_the_day_of_the_next_contact_counts_to_its_end(day: int, expected: str | None) -> None:
    """It is noon of the 24th in Brasília: the 18th ended five days and a half ago."""
    factor = rules().judge(None, None, NOW, dt.date(2026, 11, day))
    assert (factor.kind if factor else None) == expected


def test_the_due_date_beats_the_next_contact_and_the_reason_names_the_day() -> None:
    assert rules().judge(NOW - DAY, None, NOW, dt.date(2026, 1, 1)) is None
    late = rules().judge(None, None, NOW, dt.date(2026, 11, 10))
    assert late is not None
    assert (late.days, late.reason.partition(";")[0]) == (13, "Contato previsto para 10/11/2026, atrasado há 13 dias")


def test_five_days_end_at_the_same_hour_although_the_clock_was_put_back() -> None:
    """New York put its clock back on 2026-11-01: five days of that week have 121 hours."""
    due = dt.datetime(2026, 10, 30, 9, 0, tzinfo=NEW_YORK)
    same_hour = dt.datetime(2026, 11, 4, 9, 0, tzinfo=NEW_YORK)
    of = rules(zone=NEW_YORK)
    assert same_hour.astimezone(dt.UTC) - due.astimezone(dt.UTC) == dt.timedelta(hours=121)
    assert of.judge(due, None, same_hour) is None
    late = of.judge(due, None, same_hour + SECOND)
    assert late is not None
    assert late.days == 5
    assert late.reason.startswith("Vencido há 5 dias, desde 30/10/2026 09:00")


def test_five_days_end_at_the_same_hour_although_the_clock_was_put_forward() -> None:
    due = dt.datetime(2026, 3, 6, 9, 0, tzinfo=NEW_YORK)
    of = rules(zone=NEW_YORK)
    assert of.judge(due, None, dt.datetime(2026, 3, 11, 9, 0, tzinfo=NEW_YORK)) is None
    assert of.judge(due, None, dt.datetime(2026, 3, 11, 9, 0, 1, tzinfo=NEW_YORK)) is not None
    assert of.judge(due, None, dt.datetime(2026, 3, 4, 9, 0, tzinfo=NEW_YORK)) is not None
    assert of.judge(due, None, dt.datetime(2026, 3, 4, 8, 59, 59, tzinfo=NEW_YORK)) is None


def test_the_reason_tells_days_date_and_list() -> None:
    factor = rules().judge(NOW - 6 * DAY - SECOND, None, NOW)
    assert factor is not None
    reason = "todos os tipos entram, pois a lista de inclusão está vazia"
    assert factor.reason == f"Vencido há 6 dias, desde 18/11/2026 11:59; {reason}."
    near = rules().judge(NOW + DAY, None, NOW)
    assert near is not None
    assert near.reason == f"Vence em 25/11/2026 12:00, em 1 dia; {reason}."


GROUP = Type("g", "group", "Suporte", critical="include")
LEAF = Type("l", "leaf", "Erro", parent_id="g")
OUT = Type("o", "leaf", "Elogio", parent_id="g", critical="exclude")
ELSE = Type("e", "leaf", "Outro")


def test_exclusion_beats_inclusion_and_groups_stand_for_what_is_under_them() -> None:
    lists = CriticalTypes([GROUP, LEAF, OUT, ELSE])
    assert lists.reason("l") == "tipo incluído pelo grupo Suporte"
    assert lists.reason("g") == "tipo incluído na lista"
    assert lists.reason("o") is None
    assert lists.reason("e") is None
    assert lists.reason(None) is None


def test_an_empty_inclusion_list_means_all_but_the_excluded() -> None:
    lists = CriticalTypes([OUT, ELSE])
    assert lists.reason("o") is None
    assert lists.reason("e") is not None
    assert lists.reason(None) is not None
    assert CriticalTypes([]).reason("whatever") is not None


def test_a_circle_among_groups_ends() -> None:
    one, two = Type("a", "group", "A", parent_id="b"), Type("b", "group", "B", parent_id="a")
    assert CriticalTypes([one, two]).reason("a") is not None


@given(
    late=st.timedeltas(dt.timedelta(days=-40), dt.timedelta(days=40)),
    now=st.datetimes(
        dt.datetime(2020, 1, 1),  # noqa: DTZ001 (hypothesis takes naive limits)
        dt.datetime(2030, 1, 1),  # noqa: DTZ001
        timezones=st.just(dt.UTC),
    ),
    overdue=st.integers(0, 30),
    near=st.integers(0, 30),
    zone=st.sampled_from([BRASILIA, NEW_YORK, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Pacific/Apia")]),
)
def test_what_is_critical_lies_in_the_window_that_is_read(
    late: dt.timedelta, now: dt.datetime, overdue: int, near: int, zone: ZoneInfo
) -> None:
    at = now
    of = rules(zone=zone, overdue=overdue, near=near)
    factor = of.judge(at - late, None, at)
    long_ago, soon = of.windows(at)
    if factor is not None:
        since, until = long_ago if factor.kind == OVERDUE else soon
        assert since is None or at - late >= since
        assert at - late <= until
        assert factor.days >= (overdue if factor.kind == OVERDUE else 0)
