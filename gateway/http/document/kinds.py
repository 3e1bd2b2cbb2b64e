"""Our own kinds of field (services/chassis/inputs.py) as JSON Schema."""

from __future__ import annotations

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import fields

from services.chassis import inputs
from services.chassis.schemas import SOMETIMES

# Marks a parameter or a property for gateway/http/document/answers.py, which removes the mark.
MARK = "x-sometimes"
# How many entries an object may have; apispec takes them for the characters of a text.
PROPERTIES = {"minLength": "minProperties", "maxLength": "maxProperties"}


class OurKinds(MarshmallowPlugin):
    """Knows our kinds before any schema is registered, those of other plugins included."""

    def init_spec(self, spec: APISpec) -> None:
        super().init_spec(spec)
        if self.converter is not None:  # it always is, once a spec is there
            self.converter.add_attribute_function(_attributes_of)  # type: ignore[no-untyped-call, unused-ignore]


def _attributes_of(_converter: Any, field: Any, ret: dict[str, Any], **_: Any) -> dict[str, Any]:
    attributes: dict[str, Any] = {}
    null = ["null"] if field.allow_none else []
    if isinstance(field, inputs.Decimal):
        bounds = {name: float(ret[name]) for name in ("minimum", "maximum")}
        attributes = {"type": ["string", "number", *null], "pattern": _decimal(field.written_places), **bounds}
    elif isinstance(field, fields.Decimal):
        attributes = {"type": ["string", *null] if null else "string", "format": "decimal"}
    elif isinstance(field, inputs.Code):
        attributes = {"pattern": f"^(?:{field.form})$"}
    elif isinstance(field, inputs.Day):
        attributes = {"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
    elif isinstance(field, fields.Mapping):
        attributes = {name: ret.pop(of) for of, name in PROPERTIES.items() if of in ret}
    if field.metadata.get(SOMETIMES):
        attributes[MARK] = True
    return attributes


def _decimal(places: int) -> str:
    return rf"^[+-]?[0-9]{{1,20}}(\.[0-9]{{1,{max(places, 1)}}}0*)?$"
