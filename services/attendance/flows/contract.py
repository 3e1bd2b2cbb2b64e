"""Flows (row A5)."""

from __future__ import annotations

from marshmallow import fields

from services.attendance.shared.contract import ids
from services.chassis.inputs import Flag, Id, Line, Text
from services.chassis.schemas import Result, Strict

MAX_USERS = 500


class FlowById(Strict):
    flow_id = Id(required=True)


class CreateFlow(Strict):
    """Row A5. The alias is the name where none is given; `users`: who may see and use it, by default its creator."""

    name = Line(100, required=True)
    alias = Line(100, load_default="")
    description = Text(1000, load_default="")
    users = ids(MAX_USERS, load_default=None, allow_none=True)
    active = Flag(load_default=True)


class ChangeFlow(Strict):
    """Row A5: what is not given stays."""

    flow_id = Id(required=True)
    name = Line(100, minimum=1)
    alias = Line(100)
    description = Text(1000)
    users = ids(MAX_USERS)


class ListFlows(Strict):
    """`manage`: all flows of the company, for who may set them up; else those that the user may use."""

    manage = Flag(load_default=False)
    include_inactive = Flag(load_default=False)


class FlowAmount(Result):
    currency = fields.String()
    amount = fields.String(metadata={"description": "decimal, two places"})


class FlowTotals(Result):
    """Row A13: attendances by where they are filed; quotes in approval of the active ones, and their amounts."""

    active = fields.Integer()
    archived = fields.Integer()
    trashed = fields.Integer()
    quotes_in_approval = fields.Integer()
    in_approval = fields.List(fields.Nested(FlowAmount))


class Flow(Result):
    id = fields.String()
    name = fields.String()
    alias = fields.String()
    description = fields.String()
    users = fields.List(fields.String())
    active = fields.Boolean()
    created_at = fields.DateTime()
    version = fields.Integer()


class FlowWithTotals(Flow):
    """`totals`: null for who sees a part of the flow's attendances only, or sets it up only."""

    totals = fields.Nested(FlowTotals, allow_none=True)


class Flows(Result):
    items = fields.List(fields.Nested(FlowWithTotals))
