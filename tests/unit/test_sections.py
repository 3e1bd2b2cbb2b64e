"""Who is narrowed to sections is refused by entrypoint, and misses fields of answers (chassis/access/sections.py)."""

from __future__ import annotations

import pytest
from marshmallow import fields

from gateway.views.timeline import PARTS
from services.chassis.access import sections
from services.chassis.access.context import Context
from services.chassis.access.sections import AnyOf, Apart, Section
from services.chassis.access.visibility import CATEGORY, SECTION, Sight
from services.chassis.errors import Forbidden
from services.chassis.schemas import Result

NARROWED = Sight("u1", {SECTION: ["addresses", "contracts"]})


class Address(Result):
    city = fields.String()


class Person(Result):
    name = fields.String()
    addresses = fields.List(fields.Nested(Address), metadata=sections.of("addresses"))
    last_order = fields.Nested(Address, allow_none=True, metadata=sections.of("orders"))


class Page(Result):
    items = fields.List(fields.Nested(Person))


def code(section: Section, unnarrowed: tuple[str, ...] = (), sight: Sight = NARROWED) -> str | None:
    try:
        sections.refuse(sight, section, unnarrowed)
    except Forbidden as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize(
    "section", ["contracts", ("contracts", "addresses"), AnyOf(("orders", "contracts")), Apart("x")]
)
def test_a_section_that_the_role_names_is_answered(section: Section) -> None:
    assert code(section) is None


@pytest.mark.parametrize("section", ["orders", ("contracts", "orders"), AnyOf(("orders", "receivables")), None, ()])
def test_any_other_is_refused_and_so_is_what_nobody_declared(section: Section) -> None:
    assert code(section) == "section_hidden"
    assert code(section, sight=Sight("u1")) is None


def test_what_is_told_of_the_whole_company_is_refused_to_who_sees_a_part_of_it() -> None:
    assert code("contracts", unnarrowed=(CATEGORY,)) is None
    assert code("contracts", unnarrowed=(SECTION,)) == "scope_narrowed"
    assert code("contracts", unnarrowed=(CATEGORY,), sight=Sight("u1", {CATEGORY: ["client"]})) == "scope_narrowed"


def test_an_answer_misses_the_fields_of_hidden_sections_at_any_depth() -> None:
    person = {"name": "Rita", "addresses": [{"city": "Lapa"}], "last_order": {"city": "Lapa"}}
    assert sections.visible_part(Page(), {"items": [person]}, NARROWED) == {
        "items": [{"name": "Rita", "addresses": [{"city": "Lapa"}], "last_order": None}]
    }
    hidden = Sight("u1", {SECTION: ["orders"]})
    assert sections.visible_part(Person(), person, hidden) == {**person, "addresses": []}
    assert sections.visible_part(Person(), person, Sight("u1")) is person


def test_a_timeline_withholds_the_parts_of_hidden_sections() -> None:
    held = ("sales.read", "attendance.read")
    context = Context("c1", "u1", "Ana", held, "r1", 0.0, scopes={SECTION: ("attendances",)})
    assert [part.name for part in PARTS if part.shown_to(context)] == ["entries", "quotes", "sendings"]
