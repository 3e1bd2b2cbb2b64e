"""The stages of the pipeline (row S5)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Id, Line, Whole
from services.chassis.schemas import Result, Strict
from services.sales.pipeline.model import MOST_STAGES


class ListStages(Strict):
    pass


class AddStage(Strict):
    """`position` counts from 1; by default the stage is the last before the closing stage."""

    name = Line(60, required=True)
    position = Whole(1, MOST_STAGES, load_default=None, allow_none=True)


class ChangeStage(Strict):
    stage_id = Id(required=True)
    name = Line(60, minimum=1)
    position = Whole(1, MOST_STAGES)


class DeleteStage(Strict):
    stage_id = Id(required=True)


class Stage(Result):
    """`closing`: an opportunity in it is closed."""

    id = fields.String()
    name = fields.String()
    closing = fields.Boolean()


class SavedStage(Stage):
    """As it was saved; `version` is that of the whole list."""

    version = fields.Integer()


class StageList(Result):
    """In order."""

    items = fields.List(fields.Nested(Stage), attribute="stages")
    version = fields.Integer()
