"""Actions of opportunities, and the report that counts them (rows S4, S10)."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from services.chassis.inputs import Choice, Day, Flag, Id, Text
from services.chassis.references import PERSONS, USERS, Reference
from services.chassis.schemas import Counted, Result, Strict, counted_page_of
from services.sales.actions.model import CANCELLED, DONE, PENDING, SITUATIONS
from services.sales.actions.model import KINDS as KINDS
from services.sales.opportunities.contract import Page, identifier

MOST_DAYS = 366


class AddAction(Strict):
    """Row S4. Undated without `due_on` (company's time zone), unassigned without `assignee_id` (`me`: the caller).

    It is also recorded in the opportunity's conversation, under its kind. `state` done: an action that was done
    already.
    """

    opportunity_id = Id(required=True)
    kind = Choice(KINDS, load_default="task")
    text = Text(20_000, required=True)
    due_on = Day(load_default=None, allow_none=True)
    assignee_id = identifier(load_default=None, allow_none=True)
    situation = Choice((PENDING, DONE), load_default=PENDING, data_key="state")


class ChangeAction(Strict):
    """Changes the given fields only; null removes the day or the assignee."""

    action_id = Id(required=True)
    due_on = Day(allow_none=True)
    assignee_id = identifier(allow_none=True)


class SettleAction(Strict):
    action_id = Id(required=True)
    situation = Choice((DONE, CANCELLED), required=True, data_key="state")


class ListActions(Page):
    """The newest first."""

    opportunity_id = Id(required=True)


class ListPendingActions(Page, Counted):
    """Pending actions, the earliest first; with `undated` only those without a day, else only those with one.

    `user_id`: the assignee, `me` or `nobody`. `to`: due on that day or before.
    """

    assignee_id = identifier(load_default=None, allow_none=True, data_key="user_id")
    until = Day(load_default=None, allow_none=True, data_key="to")
    undated = Flag(load_default=False)


class Action(Result):
    """`state`: pending, done or cancelled."""

    id = fields.String()
    opportunity_id = fields.String()
    attendance_id = fields.String()
    person_id = fields.String()
    stage = Reference("stages")
    kind = Choice(KINDS)
    text = fields.String()
    due_on = fields.Date(allow_none=True)
    assignee = Reference(USERS, allow_none=True)
    state = Choice(SITUATIONS, attribute="situation")
    recorded_by = Reference(USERS, "author_id", "author_name")
    recorded_at = fields.DateTime()
    settled_by = Reference(USERS, "settled_by", allow_none=True)
    settled_at = fields.DateTime(allow_none=True)
    version = fields.Integer()


class GetActionReport(Strict):
    """Row S10: actions recorded `from` a day `to` another, both included, in the company's calendar."""

    since = Day(required=True, data_key="from")
    until = Day(required=True, data_key="to")
    user_id = identifier(load_default=None, allow_none=True)
    stage_id = identifier(load_default=None, allow_none=True)

    @validates_schema
    def a_period(self, data: dict[str, Any], **_: Any) -> None:
        if not 0 <= (data["until"] - data["since"]).days < MOST_DAYS:
            raise ValidationError(f"Informe um período de até {MOST_DAYS} dias.", "to")


class ReportCounts(Result):
    total = fields.Integer()
    pending = fields.Integer()
    done = fields.Integer()
    cancelled = fields.Integer()


class ReportRow(ReportCounts):
    """Actions that a user recorded in a stage, of one kind."""

    user = Reference(USERS, "user_id", "user_name")
    stage = Reference("stages", "stage_id", "stage_name")
    kind = Choice(KINDS)


class ActionReport(Result):
    since = fields.Date(data_key="from")
    until = fields.Date(data_key="to")
    items = fields.List(fields.Nested(ReportRow))
    totals = fields.Nested(ReportCounts)


ActionPage = counted_page_of(Action, "ActionPage")


class CompanyAction(Action):
    """An action in a list of several persons' actions."""

    person = Reference(PERSONS)


CompanyActionPage = counted_page_of(CompanyAction, "CompanyActionPage")
