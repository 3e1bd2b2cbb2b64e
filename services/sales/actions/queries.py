"""Actions: listed, and counted by the report of the CRM (rows S4, S10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from services.chassis.handling.entrypoints import query
from services.sales.actions import contract
from services.sales.actions.model import SITUATIONS
from services.sales.session import SalesSession
from services.sales.shared.users import user_of

Data = dict[str, Any]

NOBODY = "nobody"


@query(takes=contract.ListActions, gives=contract.ActionPage, needs="sales.read", section="opportunities")
def list_actions(session: SalesSession, data: Data) -> Data:
    """Raises NotFound("opportunity_not_found")."""
    session.opportunities.get(data["opportunity_id"])
    return session.actions.of_opportunity(**data)


@query(takes=contract.ListPendingActions, gives=contract.CompanyActionPage, needs="sales.read", section="opportunities")
def list_pending_actions(session: SalesSession, data: Data) -> Data:
    user_id = data["assignee_id"]
    assignee = {} if user_id is None else {"assignee_id": None if user_id == NOBODY else user_of(session, user_id)}
    return session.actions.pending(
        assignee, data["until"], data["undated"], data["limit"], data["cursor"], counted=data["counted"]
    )


@query(
    takes=contract.GetActionReport,
    gives=contract.ActionReport,
    needs="sales.read",
    section="opportunities",
    unnarrowed=("category", "attendance_type", "flow"),
)
def get_action_report(session: SalesSession, data: Data) -> Data:
    """By user, stage and kind; a deleted opportunity's actions stay counted: the report tells what was done."""
    user_id = user_of(session, data["user_id"])
    found = session.action_totals.between(data["since"], data["until"], user_id, data["stage_id"])
    names: dict[str, str] = {}
    rows: dict[tuple[str, str, str], Counter[str]] = {}
    for part in found:
        names[part["user_id"]] = part["user_name"]  # the latest day's name wins
        key = part["user_id"], part["stage_id"], part["kind"]
        rows.setdefault(key, Counter()).update(_counts(part))
    totals = _with_total(sum(rows.values(), Counter()))
    return {"since": data["since"], "until": data["until"], "items": _rows(session, rows, names), "totals": totals}


def _rows(session: SalesSession, rows: Mapping[tuple[str, str, str], Counter[str]], names: Data) -> list[Data]:
    """By user, then in the order of the stages; deleted stages last."""
    stages = {stage.id: stage.name for stage in session.configuration.pipeline().stages}
    places = {stage_id: place for place, stage_id in enumerate(stages)}

    def order(key: tuple[str, str, str]) -> tuple[str, str, int, str, str]:
        user_id, stage_id, kind = key
        return names[user_id], user_id, places.get(stage_id, len(places)), stage_id, kind

    return [
        {
            "user_id": user_id,
            "user_name": names[user_id],
            "stage_id": stage_id,
            "stage_name": stages.get(stage_id, ""),
            "kind": kind,
            **_with_total(rows[user_id, stage_id, kind]),
        }
        for user_id, stage_id, kind in sorted(rows, key=order)
    ]


def _counts(part: Data) -> Counter[str]:
    return Counter({situation: part.get(situation, 0) for situation in SITUATIONS})


def _with_total(counts: Counter[str]) -> Data:
    return {"total": sum(counts.values()), **{situation: counts[situation] for situation in SITUATIONS}}
