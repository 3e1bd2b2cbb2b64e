"""What is said about a field is ours and in Portuguese: no text of marshmallow's, nor of a kind of somebody else's."""

from __future__ import annotations

import ast
import inspect
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import Schema, fields, validate

from deploy.topology import SERVICES
from services.chassis import inputs, messages
from tests.support.sources import modules, name_of, tree
from tests.support.taken_inputs import taken_by_services, taken_by_the_gateway

# Read by who sets a process up, at its start, in the language of its log.
OF_SETTINGS = (
    "services/chassis/access/keyring.py",
    "services/chassis/config.py",
)
ENGLISH = re.compile(
    r"\b(the|not|must|may|valid|invalid|missing|required|unknown|longer|shorter|than|between|of|has)\b",
    re.IGNORECASE,
)
# In a process of its own, where nothing has put ours in their place.
_THEIRS = """
import inspect, json
from marshmallow import Schema, fields, validate
from webargs import fields as more
found = set(Schema._default_error_messages.values())
for module in (fields, more, validate):
    for _, kind in inspect.getmembers(module, inspect.isclass):
        found |= set(vars(kind).get("default_error_messages", {}).values())
        if issubclass(kind, validate.Validator):
            found |= {text for name, text in vars(kind).items() if name.startswith(("default_message", "message_"))}
print(json.dumps(sorted(found)))
"""


@pytest.fixture(scope="module")
def theirs() -> set[str]:
    run = subprocess.run([sys.executable, "-c", _THEIRS], capture_output=True, text=True, check=True, cwd="/")
    found = set(json.loads(run.stdout))
    assert {"Unknown field.", "Missing data for required field.", "Must be one of: {choices}.", "greater than"} <= found
    return found


def _kinds(module: Any, base: type) -> Iterator[Any]:
    for _, kind in inspect.getmembers(module, inspect.isclass):
        if issubclass(kind, base) and not kind.__name__.startswith("_"):
            yield kind


def _texts_of_kind(kind: type[Any]) -> Iterator[str]:
    """As marshmallow puts them together: the nearest of each key."""
    found: dict[str, str] = {}
    for parent in reversed(kind.__mro__):
        found |= vars(parent).get("default_error_messages", {})
    yield from found.values()


def _texts_of_validator(validator: Any) -> Iterator[str]:
    for name in dir(validator):
        text = getattr(validator, name)
        if isinstance(text, str) and (name in ("error", "default_message") or name.startswith("message_")):
            yield text


def _texts(place: str, schema: Schema, seen: frozenset[type[Schema]] = frozenset()) -> Iterator[tuple[str, str]]:
    """Place and text of all that a schema may say, to its last part."""
    if type(schema) in seen:
        return
    yield from ((place, text) for text in schema.error_messages.values())
    for name, field in schema.fields.items():
        yield from _texts_of_field(f"{place}.{name}", field, seen | {type(schema)})


def _texts_of_field(place: str, field: Any, seen: frozenset[type[Schema]]) -> Iterator[tuple[str, str]]:
    yield from ((place, text) for text in field.error_messages.values())
    for validator in field.validators:
        yield from ((place, text) for text in _texts_of_validator(validator))
    if isinstance(field, fields.Nested):
        yield from _texts(place, field.schema, seen)
    for part in ("inner", "key_field", "value_field"):
        if getattr(field, part, None) is not None:
            yield from _texts_of_field(f"{place}[]", getattr(field, part), seen)


def _schemas() -> Iterator[tuple[str, Schema]]:
    yield from taken_by_services()
    yield from taken_by_the_gateway()


def test_every_kind_of_field_and_of_validator_speaks_our_words(theirs: set[str]) -> None:
    assert sum(1 for _ in _kinds(fields, fields.Field)) > 30
    kinds = [*_kinds(fields, fields.Field), *_kinds(inputs, fields.Field)]
    said = {(kind.__name__, text) for kind in kinds for text in _texts_of_kind(kind)}
    said |= {
        (kind.__name__, text) for kind in _kinds(validate, validate.Validator) for text in _texts_of_validator(kind)
    }
    assert sorted(one for one in said if one[1] in theirs or ENGLISH.search(one[1])) == []


def test_nothing_that_an_input_may_say_is_english_or_of_marshmallow(theirs: set[str]) -> None:
    said = {one for place, schema in _schemas() for one in _texts(place, schema)}
    assert len(said) > 3_000
    assert sorted(one for one in said if one[1] in theirs or ENGLISH.search(one[1])) == []


def test_a_limit_on_a_text_speaks_of_characters() -> None:
    """validate.Length is for lists: its words say how many there may be."""

    def wrong(place: str, field: Any) -> Iterator[str]:
        if isinstance(field, fields.List):
            yield from wrong(f"{place}[]", field.inner)
        if isinstance(field, fields.String) and not isinstance(field, inputs.Base64):
            lengths = [one for one in field.validators if isinstance(one, validate.Length)]
            yield from (place for one in lengths if not isinstance(one, messages.Characters))

    found = [
        one for place, schema in _schemas() for name, field in schema.fields.items()
        for one in wrong(f"{place}.{name}", field)
    ]  # fmt: skip
    assert found == []


def test_no_refusal_that_we_write_ourselves_is_english() -> None:
    found = []
    for path in modules("services", "gateway"):
        name = name_of(path)
        if name in OF_SETTINGS or "ValidationError(" not in path.read_text(encoding="utf-8"):
            continue
        for call in ast.walk(tree(path)):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "ValidationError":
                texts = [str(one.value) for one in ast.walk(call.args[0]) if isinstance(one, ast.Constant)]
                found += [f"{name}: {text}" for text in texts if ENGLISH.search(text)]
    assert found == []


def test_the_rule_finds_the_words_of_another_wherever_they_hide(theirs: set[str]) -> None:
    class Odd(fields.String):
        default_error_messages = {"odd": "Not an odd text."}

    class Inner(Schema):
        rows = fields.List(Odd(validate=validate.Regexp("x", error="Must be x.")))

    class Outer(Schema):
        error_messages = {"unknown": "Unknown field."}
        inner = fields.Dict(values=fields.Nested(Inner))

    said = {text for _, text in _texts("x", Outer()) if text in theirs or ENGLISH.search(text)}
    assert said == {"Not an odd text.", "Must be x.", "Unknown field."}


def test_every_service_is_looked_at() -> None:
    places = {place.split(".")[0] for place, _ in taken_by_services()}
    assert places == {service.name for service in SERVICES}
