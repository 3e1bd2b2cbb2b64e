"""The company's markers (row S7)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Code, Id, Line
from services.chassis.schemas import Result, Strict

COLOUR = ("#[0-9a-fA-F]{6}", "Informe a cor como #rrggbb.")


class ListMarkers(Strict):
    pass


class AddMarker(Strict):
    name = Line(60, required=True)
    colour = Code(*COLOUR, load_default="#808080")


class ChangeMarker(Strict):
    marker_id = Id(required=True)
    name = Line(60, minimum=1)
    colour = Code(*COLOUR)


class DeleteMarker(Strict):
    marker_id = Id(required=True)


class Marker(Result):
    id = fields.String()
    name = fields.String()
    colour = fields.String()


class SavedMarker(Marker):
    """As it was saved; `version` is that of the whole list."""

    version = fields.Integer()


class MarkerList(Result):
    items = fields.List(fields.Nested(Marker))
    version = fields.Integer()
