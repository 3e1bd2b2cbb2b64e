"""Rows S12, S23: the current version only is sent; the built-in template is taken until another is chosen."""

from __future__ import annotations

import datetime as dt

import pytest

from services.chassis.errors import Conflict, NotFound
from services.sales.quotes.model import APPROVED
from services.sales.templates.model import (
    MOST_TEMPLATES,
    DefaultTemplates,
    Template,
    built_in,
    refuse_double,
    refuse_more,
)
from tests.support.builders.sales_records import NOW, TODAY, offer, quote


def test_only_what_could_be_approved_or_was_is_sent() -> None:
    made = quote(offer("100.00"), offer("90.00", valid_until=TODAY))
    assert made.version_to_send(2, TODAY).number == 2
    with pytest.raises(Conflict, match="quote_expired"):
        made.version_to_send(2, TODAY + dt.timedelta(days=1))
    with pytest.raises(Conflict, match="quote_version_void"):
        made.version_to_send(1, TODAY)
    made.approve(2, "o1", "u1", NOW, TODAY)
    assert made.version_to_send(2, TODAY + dt.timedelta(days=400)).status == APPROVED
    other = quote(offer())
    other.reject(1, "Caro", "u1", NOW)
    with pytest.raises(Conflict, match="quote_rejected"):
        other.version_to_send(1, TODAY)


def test_every_version_can_be_looked_at() -> None:
    made = quote(offer("100.00"), offer("90.00"))
    assert [made.version_numbered(number).number for number in (1, 2, None)] == [1, 2, 2]
    for number in (0, 3, -1):
        with pytest.raises(NotFound, match="quote_version_not_found"):
            made.version_numbered(number)


def template(id: str = "t1", name: str = "Ação") -> Template:
    return Template(id, "quote", name, "x", "x")


def test_the_built_in_template_is_taken_until_another_is_chosen() -> None:
    defaults = DefaultTemplates()
    assert defaults.of("quote") == "builtin-quote"
    defaults.choose(template())
    assert (defaults.of("quote"), defaults.of("visit_sheet")) == ("t1", "builtin-visit_sheet")
    defaults.forget(template("t2"))
    assert defaults.of("quote") == "t1"
    defaults.forget(template())
    assert defaults.of("quote") == "builtin-quote"
    defaults.choose(template())
    defaults.choose(built_in("quote"))
    assert defaults.quote is None


def test_a_built_in_template_never_changes() -> None:
    with pytest.raises(Conflict, match="template_built_in"):
        built_in("quote").change("Ana", NOW, None, name="X")
    made = template()
    with pytest.raises(Conflict, match="version_changed"):
        made.change("Ana", NOW, 7, name="X")
    made.change("Ana", NOW, 1, name="X")
    assert (made.name, made.subject, made.updated_by) == ("X", "x", "Ana")


def test_templates_of_a_kind_are_few_and_each_has_its_name() -> None:
    with pytest.raises(Conflict, match="template_exists"):
        refuse_double("ACAO ", [template()])
    refuse_more([template()] * (MOST_TEMPLATES - 1))
    with pytest.raises(Conflict, match="templates_full"):
        refuse_more([template()] * MOST_TEMPLATES)
