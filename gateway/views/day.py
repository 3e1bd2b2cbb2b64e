"""A user's day in one call: opportunities to follow up, actions, appointments, drafts and critical factors.

The day is one of the company's time zone, which people answers first; then all sections are called in parallel, under
one deadline.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import fields

from gateway.bus.answers import Answer
from gateway.bus.calls import Call, Request
from gateway.bus.rpc import Bus
from gateway.http import auth
from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.requests import bus
from gateway.views.sections import COUNTED, Pages, members, page_of_call, section_of
from services.attendance.critical.contract import CriticalGroup
from services.attendance.drafts.contract import Draft
from services.chassis.access.context import Context
from services.chassis.errors import Failure
from services.chassis.inputs import Day, Whole
from services.chassis.schemas import Result, Strict
from services.sales.actions.contract import CompanyAction
from services.sales.opportunities.contract import LegendCount, Opportunity
from services.scheduling.contract import AgendaAppointment

blp = JsonBlueprint("day", __name__, url_prefix="/v1", description="O dia do usuário")

MINE = "me"
SECTIONS = ("follow_ups", "actions", "appointments", "drafts", "critical_factors")
CRITICAL_COUNT = "critical_count"


class GetDay(Strict):
    """`date`: of the company's calendar, today unless given; `limit`: records a section."""

    date = Day(load_default=None, allow_none=True)
    limit = Whole(1, 100, load_default=20)


class OwnDay(Result):
    """`follow_ups`: the user's opportunities due by that day, overdue ones first; their `legends` count all of the
    user's. `actions`: due by that day. `appointments`: those that the user booked; /v1/appointments continues from
    their cursor. `critical_factors`: grouped by center."""

    date = fields.Date()
    time_zone = fields.String()
    follow_ups = section_of(Opportunity, "DayFollowUps", legends=fields.List(fields.Nested(LegendCount)))
    actions = section_of(CompanyAction, "DayActions")
    appointments = section_of(AgendaAppointment, "DayAppointments")
    drafts = section_of(Draft, "DayDrafts")
    critical_factors = section_of(CriticalGroup, "DayCriticalFactors")
    unavailable = fields.List(fields.String())
    withheld = fields.List(fields.String())


class Badge(Result):
    """`exact` is false where there are more than `count`."""

    count = fields.Integer()
    exact = fields.Boolean()


class Badges(Result):
    """Today's counts of the own day; null where the section is withheld or unavailable."""

    date = fields.Date()
    follow_ups = fields.Nested(Badge, allow_none=True)
    actions = fields.Nested(Badge, allow_none=True)
    appointments = fields.Nested(Badge, allow_none=True)
    drafts = fields.Nested(Badge, allow_none=True)
    critical_factors = fields.Nested(Badge, allow_none=True)
    unavailable = fields.List(fields.String())
    withheld = fields.List(fields.String())


@blp.get("/badges")
@blp.summary("Conta o que espera pelo usuário hoje", "As contagens de `/v1/day`, para os avisos de um menu.")
@needs("people.own")
@blp.response(200, Badges)
@refuses(blp)
def get_badges() -> Any:
    day = gather(bus(), auth.context(auth.current_config().view_seconds), None, 1)
    counts = {name: day[name] and {part: day[name][part] for part in ("count", "exact")} for name in SECTIONS}
    return {**counts, **{name: day[name] for name in ("date", "unavailable", "withheld")}}


@blp.get("/day")
@blp.summary(
    "Mostra o dia do usuário",
    "Os acompanhamentos e as ações vencidos ou do dia, os agendamentos, os rascunhos e os fatores críticos do usuário.",
)
@needs("people.own")
@blp.arguments(GetDay, location="query")
@blp.response(200, OwnDay)
@refuses(blp)
def get_day(data: dict[str, Any]) -> Any:
    """Rows S2, S4, A9, A18, C1: the signed-in user's day."""
    return gather(bus(), auth.context(auth.current_config().view_seconds), data["date"], data["limit"])


def zone_of(bus: Bus, context: Context) -> str:
    """The company's time zone; raises Unavailable("people_unavailable"), since without it the day is not known."""
    with bus.gather(context, Request("people", "get_session", {})) as (session,):
        return str(session.answer()["company"]["time_zone"])


def gather(bus: Bus, context: Context, date: dt.date | None, limit: int) -> Answer:
    """The sections of the day (by default today) that the user may read; raises what `zone_of` raises."""
    zone = zone_of(bus, context)
    day = date or dt.datetime.now(ZoneInfo(zone)).date()
    requests = {
        name: request
        for name, request in _requests(day, ZoneInfo(zone), limit).items()
        if f"{request.service}.read" in context.permissions
    }
    with bus.gather(context, *requests.values()) as answers:
        calls = dict(zip(requests, answers, strict=True))
        pages = {name: page_of_call(calls.get(name)) for name in SECTIONS}
        pages["critical_factors"] = _with_count(pages["critical_factors"], calls.get(CRITICAL_COUNT))
    return _assemble(day, zone, pages)


def beginning(day: dt.date, zone: ZoneInfo) -> str:
    return dt.datetime.combine(day, dt.time.min, zone).isoformat()


def _requests(day: dt.date, zone: ZoneInfo, limit: int) -> Mapping[str, Request]:
    counted: dict[str, Any] = {**COUNTED, "limit": limit}
    until = {"date": day.isoformat()}
    period = {"starts_from": beginning(day, zone), "starts_before": beginning(day + dt.timedelta(days=1), zone)}
    return {
        "follow_ups": Request("sales", "list_follow_ups", {"responsible_id": MINE, **until, **counted}),
        "actions": Request("sales", "list_pending_actions", {"assignee_id": MINE, "until": day.isoformat(), **counted}),
        "appointments": Request("scheduling", "list_own_appointments", {**period, **counted}),
        "drafts": Request("attendance", "list_drafts", counted),
        "critical_factors": Request("attendance", "list_critical_factors", {"user_id": MINE, "limit": limit}),
        CRITICAL_COUNT: Request("attendance", "count_critical_factors", {"user_id": MINE}),
    }


def _with_count(groups: bytes | Failure, count_call: Call | None) -> bytes | Failure:
    """The groups with the count of their factors."""
    count = page_of_call(count_call)
    if isinstance(groups, Failure) or isinstance(count, Failure):
        return groups if isinstance(groups, Failure) else count
    return json.dumps({**json.loads(groups), **json.loads(count)}, ensure_ascii=False).encode()


def _assemble(day: dt.date, zone: str, pages: Pages) -> Answer:
    beginning_of_object = json.dumps({"date": day.isoformat(), "time_zone": zone}).encode()[:-1]
    return Answer(b",".join((beginning_of_object, *members(SECTIONS, pages))) + b"}", None)
