"""Rows A3, A4, A9, A12: cycles, the tree of types, standard texts, drafts."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.attendance.cycles.model import Cycle
from services.attendance.drafts.model import Draft
from services.attendance.types.model.texts import check_variables, fill
from services.attendance.types.model.types import Tree, Type
from services.chassis.errors import Conflict, Invalid, NotFound

NOW = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)


def cycle(**question: Any) -> Cycle:
    asked = {"id": "q", "text": "Quanto?", **question}
    return Cycle("c", "Ciclo", Cycle.parts([{"center_id": "triagem", "questions": [asked]}]))


@pytest.mark.parametrize(
    ("kind", "options", "value", "kept"),
    [
        ("text", [], "  Ligou.  ", "Ligou."),
        ("number", [], 0.1, "0.1"),
        ("number", [], "1234567890123456789.10", "1234567890123456789.10"),
        ("number", [], "1e3", "1000"),
        ("date", [], "2024-02-29", "2024-02-29"),
        ("yes_no", [], False, False),
        ("choice", ["A", "B"], "B", "B"),
        ("multiple", ["A", "B", "C"], ["C", "A"], ["A", "C"]),
        ("text", [], "", None),
        ("multiple", ["A"], [], None),
    ],
)
def test_an_answer_is_kept_by_its_kind(kind: str, options: list[str], value: Any, kept: Any) -> None:
    asked = cycle(kind=kind, options=options)
    [(question, read)] = asked.answer(["triagem"], {"q": value})
    assert (question.id, read) == ("q", kept)


@given(st.sampled_from(("text", "number", "date", "yes_no", "choice", "multiple")), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2)))  # fmt: skip
def test_whatever_is_answered_is_kept_or_refused_by_its_question(kind: str, value: Any) -> None:
    options = ["A", "B"] if kind in ("choice", "multiple") else []
    try:
        [(_, read)] = cycle(kind=kind, options=options).answer(["triagem"], {"q": value})
    except Invalid as refusal:
        read = refusal.params["fields"]["q"]
    assert read is None or isinstance(read, str | bool | list)


@pytest.mark.parametrize("value", ["20240229", "2024-W09-4", "2023-02-29", "2024-2-29", " 2024-02-29", 20240229])
def test_a_day_is_written_in_one_way(value: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        cycle(kind="date").answer(["triagem"], {"q": value})
    assert "AAAA-MM-DD" in str(refusal.value.params["fields"]["q"])


def test_only_what_was_reached_is_asked_and_only_the_current_center_blocks() -> None:
    asked = cycle(required=True)
    with pytest.raises(Conflict, match="question_not_reached"):
        asked.answer([], {"q": "x"})
    assert [question.id for question in asked.missing("triagem", [])] == ["q"]
    assert asked.missing("oficina", []) == []
    assert asked.missing("triagem", ["q"]) == []


def node(key: str, kind: str = "group", parent: str | None = None, **fields: Any) -> Type:
    return Type.of({"id": key, "kind": kind, "name": key, "parent_id": parent, **fields})


@given(st.lists(st.tuples(st.integers(0, 7), st.none() | st.integers(0, 7)), max_size=40))
def test_no_order_of_changes_makes_a_circle(moves: list[tuple[int, int | None]]) -> None:
    tree = Tree([])
    for child, parent in moves:
        try:
            tree.place(node(f"t{child}", parent=None if parent is None else f"t{parent}"))
        except Invalid:
            continue
    for number in range(8):
        try:
            lineage = tree.lineage(tree.get(f"t{number}").id)
        except NotFound:
            continue
        assert lineage[-1].parent_id is None, "every lineage ends at a root"
        assert len(lineage) <= 8


def test_a_leaf_takes_the_nearest_value_of_its_line() -> None:
    tree = Tree([
        node("a", workflow_id="w1", colour="#111111"), node("b", parent="a", workflow_id="w2", days_to_next_contact=0),
        node("c", "leaf", "b", priority="low"),
    ])  # fmt: skip
    found = tree.to_open("c")
    shown = (found.workflow_id, found.colour, found.days_to_next_contact, found.priority)
    assert shown == ("w2", "#111111", 0, "low")
    with pytest.raises(Conflict, match="type_is_group"):
        tree.to_open("b")


def test_variables_are_filled_once_and_unknown_ones_are_refused() -> None:
    assert fill("{{pessoa}} {{ assunto }}", {"pessoa": "{{assunto}}", "assunto": "x"}) == "{{assunto}} x"
    with pytest.raises(Invalid, match="variable_unknown") as refused:
        check_variables("Olá {{ cpf }}", "standard_texts")
    assert "cpf" in refused.value.detail


def test_a_text_of_braces_takes_no_time() -> None:
    began = time.process_time()
    for text in ("{{" * 10_000, "{{ a" * 5_000, "{{ " + "a" * 19_000):
        check_variables(text, "standard_texts")
        assert fill(text, {"a": "x"}) == text
    assert time.process_time() - began < 0.5


def test_the_next_contact_is_in_calendar_days() -> None:
    after_a_day = Type("t", "leaf", "Visita", days_to_next_contact=1)
    assert after_a_day.next_contact(dt.date(2026, 12, 31)) == dt.date(2027, 1, 1)
    assert Type("t", "leaf", "Visita").next_contact(dt.date(2026, 12, 31)) is None


def test_a_draft_refuses_a_window_that_is_behind() -> None:
    draft = Draft("u", "p", "a")
    draft.write({"text": "a"}, NOW, None)
    draft.write({"text": "ab"}, NOW, 1)
    with pytest.raises(Conflict, match="draft_changed"):
        draft.write({"text": "x"}, NOW, 1)
    assert (draft.content, draft.version) == ({"text": "ab"}, 2)
