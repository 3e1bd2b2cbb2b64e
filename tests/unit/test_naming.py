"""References in answers: `{id, name}`, named by one read of a kind, whatever the answer's shape; requests are named for
the API, and by their own names on the bus."""

from __future__ import annotations

from collections.abc import Collection
from types import SimpleNamespace
from typing import Any

import pytest
from marshmallow import fields

from services.chassis.dumping import dump_of
from services.chassis.errors import Invalid
from services.chassis.handling.naming import give_names
from services.chassis.inputs import Line
from services.chassis.references import USERS, Reference, References
from services.chassis.schemas import Result, Strict, load, page_of, to_api_names, to_own_names


class Inner(Result):
    type = Reference("types", allow_none=True)
    by = Reference(USERS, "author", "author_name", allow_none=True)


class Tree(Result):
    tags = References("tags")
    inner = fields.Nested(Inner, allow_none=True)
    listed = fields.List(fields.Nested(Inner))
    trees = fields.List(fields.Nested(lambda: Tree()))


class Asking:
    """A session that knows some names, and remembers what it was asked."""

    def __init__(self, **names: dict[str, str]) -> None:
        self.names, self.asked = names, list[tuple[str, list[str]]]()

    def names_of(self, kind: str, record_ids: Collection[str]) -> dict[str, str]:
        self.asked.append((kind, sorted(record_ids)))
        return self.names.get(kind, {})


def named(answer: Any, session: Asking, schema: Any = Tree) -> Any:
    return give_names(schema, dump_of(schema)(answer), lambda: session)  # type: ignore[arg-type, return-value]


def test_all_names_of_a_kind_are_asked_for_at_once_however_deep_they_are() -> None:
    def leaf(number: int) -> dict[str, Any]:
        return {"type_id": f"t{number}", "author": "u1", "author_name": "Ana"}

    answer = {
        "tags": ["a", "b"], "inner": leaf(1), "listed": [leaf(2), leaf(1)],
        "trees": [{"tags": ["c"], "listed": [leaf(3)], "inner": None, "trees": []}],
    }  # fmt: skip
    session = Asking(types={"t1": "Um", "t2": "Dois"}, tags={"a": "A"})
    told = named(answer, session)
    assert sorted(session.asked) == [("tags", ["a", "b", "c"]), ("types", ["t1", "t2", "t3"])]
    assert told["tags"] == [{"id": "a", "name": "A"}, {"id": "b", "name": None}]
    assert told["inner"] == {"type": {"id": "t1", "name": "Um"}, "by": {"id": "u1", "name": "Ana"}}
    assert told["trees"][0]["listed"][0]["type"] == {"id": "t3", "name": None}, "one that is not there has no name"


def test_an_empty_id_in_a_list_refers_to_nothing() -> None:
    assert named({"tags": ["", "a"]}, Asking(tags={"a": "A"})) == {"tags": [{"id": "a", "name": "A"}]}


@pytest.mark.parametrize("made", [dict, SimpleNamespace])
@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"type_id": None, "author": None, "author_name": None}, {"type": None, "by": None}),
        ({"type_id": "", "author": None, "author_name": "Ana"}, {"type": None, "by": {"id": None, "name": "Ana"}}),
        ({"author": "u1", "author_name": ""}, {"by": {"id": "u1", "name": "Rui"}}),
        ({"type": {"id": "t", "name": "Visita", "colour": "#fff"}}, {"type": {"id": "t", "name": "Visita"}}),
        ({"type": SimpleNamespace(id="t", name="Visita")}, {"type": {"id": "t", "name": "Visita"}}),
        ({}, {}),
    ],
)
def test_what_is_known_is_written_and_what_is_not_is_asked_for(made: Any, given: Any, told: Any) -> None:
    assert named(made(**given), Asking(users={"u1": "Rui"}), Inner) == told


def test_an_answer_without_references_asks_nobody() -> None:
    class Plain(Result):
        id = fields.String()

    def nobody() -> Any:
        raise AssertionError("asked")

    page = page_of(Plain, "PlainPage")
    answer = {"items": [{"id": "1"}], "next_cursor": None}
    assert give_names(page, dict(answer), nobody) == answer
    told = {"items": [{"type": None, "by": {"id": "u", "name": "Ana"}}], "next_cursor": None}
    assert give_names(page_of(Inner, "InnerPage"), dict(told), nobody) == told


class Part(Strict):
    first = Line(20, data_key="first_on")


class Asked(Strict):
    title = Line(20, required=True, data_key="subject")
    parts = fields.List(fields.Nested(Part), load_default=list)
    plain = Line(20, load_default="")


def test_a_request_bears_own_names_on_the_bus_and_is_refused_by_the_apis() -> None:
    public = {"subject": "Visita", "parts": [{"first_on": "x"}], "plain": "y"}
    own = {"title": "Visita", "parts": [{"first": "x"}], "plain": "y"}
    assert to_own_names(Asked(), public) == own
    assert to_api_names(Asked(), own) == to_api_names(Asked(), public) == public
    assert load(Asked, own) == load(Asked, public) == own
    with pytest.raises(Invalid) as refused:
        load(Asked, {"title": "x" * 21, "parts": [{"first": "x" * 21}]})
    assert refused.value.params["fields"].keys() == {"subject", "parts"}
