"""Rows S1 and S2: opportunities and their legends."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from services.sales.domain import Opportunity, conversation_id

ZONE = ZoneInfo("America/Sao_Paulo")
LATE = dt.datetime(2026, 7, 2, 1, tzinfo=dt.UTC)  # still 1 July in São Paulo
TODAY = dt.date(2026, 7, 1)
HOUR = dt.timedelta(hours=1)


def created(contact_date: dt.date | None = None) -> Opportunity:
    return Opportunity.create(
        id="o1", company="c1", person_id="p1", description="Plano", now=LATE, zone=ZONE,
        contact_date=contact_date, amount=Decimal("10.50"),
    )  # fmt: skip


def test_the_contact_date_defaults_to_today_in_the_companys_zone() -> None:
    assert created().contact_date == TODAY


def test_the_conversation_follows_from_company_and_opportunity() -> None:
    assert created().attendance_id == conversation_id("c1", "o1") == created().attendance_id
    assert len({conversation_id("c1", "o1"), conversation_id("c2", "o1"), conversation_id("c1", "o2")}) == 3
    assert len(created().attendance_id) == 32


@pytest.mark.parametrize(("days", "legend"), [(-1, "overdue"), (0, "today"), (1, "open")])
def test_the_legend_compares_the_contact_date_with_today(days: int, legend: str) -> None:
    opportunity = created(TODAY + dt.timedelta(days=days))
    assert opportunity.legend(TODAY) == legend
    opportunity.close(LATE)
    assert opportunity.legend(TODAY) == "closed"


def test_the_last_interaction_is_the_latest_in_any_order() -> None:
    opportunity = created()
    opportunity.interacted(LATE)
    opportunity.interacted(LATE - HOUR)
    assert opportunity.last_interaction_at == LATE


def test_closing_twice_is_closing_once() -> None:
    opportunity = created()
    opportunity.close(LATE)
    opportunity.close(LATE + HOUR)
    assert (opportunity.status, opportunity.last_interaction_at) == ("closed", LATE)
