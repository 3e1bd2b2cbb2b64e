"""Rows A1, A3, A4, A12, A19: what a center, a cycle, a type, a flow or a tag refuses, and by which code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from services.attendance.centers.model import Center
from services.attendance.cycles.model import Cycle, answer_text
from services.attendance.flows.model import Flow
from services.attendance.tags.model import MAX_TAGS, TODOS, Board, Tag
from services.attendance.types.model.branch import MAX_LEAVES, leaves_of
from services.attendance.types.model.types import GROUP, LEAF, MAX_DEPTH, Tree, Type
from services.chassis.errors import Failure

NOW = dt.datetime(2031, 3, 5, tzinfo=dt.UTC)


def refused(work: Callable[[], Any]) -> Failure:
    with pytest.raises(Failure) as refusal:
        work()
    return refusal.value


def cycle(*centers: tuple[str, list[dict[str, Any]]]) -> Cycle:
    parts = [{"center_id": center, "questions": questions} for center, questions in centers]
    return Cycle("c", "Ciclo", Cycle.parts(parts))


def question(name: str = "q", **more: Any) -> dict[str, Any]:
    return {"id": name, "text": "Quanto?", **more}


# Centers.


def test_a_center_demands_what_it_says_and_nothing_else() -> None:
    text, user = Center("c", "Triagem", text_required=True), Center("c", "Triagem", next_user_required=True)
    assert refused(lambda: text.receive(has_text=False, next_user_id="u2")).code == "entry_text_required"
    assert refused(lambda: user.receive(has_text=True, next_user_id=None)).code == "next_user_required"
    text.receive(has_text=True, next_user_id=None)
    user.receive(has_text=False, next_user_id="u2")


def test_whether_a_center_ends_the_process_is_fixed_once_a_workflow_has_it() -> None:
    center = Center("c", "Triagem")
    assert refused(lambda: center.change({"ends_the_process": True}, in_a_workflow=True)).code == "center_in_use"
    center.change({"ends_the_process": False, "name": "Balcão"}, in_a_workflow=True)
    center.change({"ends_the_process": True}, in_a_workflow=False)
    assert (center.name, center.ends_the_process) == ("Balcão", True)


# Cycles.


@pytest.mark.parametrize(
    "centers",
    [
        [("a", [question(kind="choice")])],
        [("a", [question(kind="multiple", options=[])])],
        [("a", [question(kind="text", options=["A"])])],
        [("a", [question(kind="choice", options=["A", "B", "A"])])],
        [("a", []), ("b", []), ("a", [])],
        [("a", [question("q")]), ("b", [question("q")])],
        [("a", [question("q"), question("q")])],
    ],
)
def test_a_cycle_asks_each_thing_once_and_offers_options_where_one_chooses(
    centers: list[tuple[str, list[dict[str, Any]]]],
) -> None:
    assert refused(lambda: cycle(*centers)).code == "cycle_invalid"


def test_only_questions_of_the_cycle_that_were_reached_are_answered() -> None:
    asked = cycle(("a", [question("q")]), ("b", [question("r")]))
    assert refused(lambda: asked.answer(["a", "b"], {"other": "x"})).code == "question_not_found"
    assert refused(lambda: asked.answer(["a"], {"r": "x"})).code == "question_not_reached"
    assert [value for _, value in asked.answer(["a", "b"], {"q": "1", "r": "2"})] == ["1", "2"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "Sim"), (False, "Não"), (["A", "B"], "A, B"), (None, "(sem resposta)"), ("1.5", "1.5")],
)
def test_an_answer_is_told_as_people_read_it(value: Any, text: str) -> None:
    assert answer_text(value) == text


# Types.


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": LEAF, "workflow_id": "w"},
        {"kind": LEAF, "cycle_id": "c"},
        {"kind": GROUP, "billing_workflow_id": "w"},
        {"kind": LEAF, "standard_texts": [{"id": "t", "name": "Um", "text": ""}, {"id": "t", "name": "B", "text": ""}]},
    ],
)
def test_groups_set_the_workflow_and_leaves_the_billing_and_texts_are_told_apart(fields: dict[str, Any]) -> None:
    assert refused(lambda: Type.of({"id": "t", "name": "Visita", **fields})).code == "type_invalid"


def branch() -> Tree:
    """A group "g" with a leaf "a", an inactive leaf "b", and an inactive group "h" with a leaf "c"."""
    return Tree(
        [
            Type("g", GROUP, "Grupo"),
            Type("a", LEAF, "Visita", parent_id="g"),
            Type("b", LEAF, "Antigo", parent_id="g", active=False),
            Type("h", GROUP, "Fechado", active=False),
            Type("c", LEAF, "Dentro", parent_id="h"),
        ]
    )


@pytest.mark.parametrize(
    ("type_id", "code"),
    [("b", "type_inactive"), ("c", "type_inactive"), ("g", "type_is_group"), ("x", "type_not_found")],
)
def test_an_attendance_is_opened_with_an_active_leaf_of_active_groups(type_id: str, code: str) -> None:
    assert refused(lambda: branch().to_open(type_id)).code == code
    assert branch().to_open("a").id == "a"


@pytest.mark.parametrize(
    ("placed", "code"),
    [
        (Type("g", LEAF, "Grupo"), "type_kind_fixed"),
        (Type("a", GROUP, "Visita"), "type_kind_fixed"),
        (Type("n", LEAF, "Novo", parent_id="a"), "type_parent_invalid"),
        (Type("n", LEAF, "Novo", parent_id="x"), "type_parent_invalid"),
        (Type("g", GROUP, "Grupo", parent_id="g"), "type_parent_invalid"),
    ],
)
def test_a_node_keeps_its_kind_and_stands_under_a_group_that_is_not_itself(placed: Type, code: str) -> None:
    assert refused(lambda: branch().place(placed)).code == code


def test_the_tree_of_types_has_its_depth_and_no_more() -> None:
    deep = Tree([])
    for level in range(MAX_DEPTH):
        deep.place(Type(f"g{level}", GROUP, "Grupo", parent_id=f"g{level - 1}" if level else None))
    below = Type("leaf", LEAF, "Folha", parent_id=f"g{MAX_DEPTH - 1}")
    assert refused(lambda: deep.place(below)).code == "type_parent_invalid"


def test_a_group_is_removed_once_nothing_is_in_it() -> None:
    tree = branch()
    assert refused(lambda: tree.remove("h")).code == "type_has_children"
    tree.remove("c")
    tree.remove("h")
    assert refused(lambda: tree.remove("h")).code == "type_not_found"


def test_a_standard_text_is_found_by_its_id_and_its_use() -> None:
    one = Type.of(
        {"id": "t", "kind": LEAF, "name": "Visita", "standard_texts": [{"id": "a", "name": "A", "text": "Olá"}]}
    )
    assert one.standard_text("a").text == "Olá"
    for wrong in (("b", "entry"), ("a", "other")):
        assert refused(partial(one.standard_text, *wrong)).code == "standard_text_not_found"


def test_a_branch_is_its_leaves_and_only_so_many() -> None:
    group = Type("g", GROUP, "Grupo")
    leaves = [Type(f"t{number}", LEAF, "Folha", parent_id="g") for number in range(MAX_LEAVES + 1)]
    assert leaves_of("g", [group, *leaves[:MAX_LEAVES]]) == sorted(one.id for one in leaves[:MAX_LEAVES])
    assert leaves_of("t0", [group, *leaves]) == ["t0"]
    assert refused(lambda: leaves_of("g", [group, *leaves])).code == "branch_too_wide"
    assert refused(lambda: leaves_of("x", [group])).code == "type_not_found"


# Flows and tags.


def test_a_flow_is_switched_to_the_other_state_and_deleted_only_when_empty() -> None:
    flow = Flow("f", "Vendas", "Vendas", "", ["u1"], active=True, created_at=NOW)
    assert refused(lambda: flow.switch(active=True)).code == "flow_already_active"
    flow.switch(active=False)
    assert refused(lambda: flow.switch(active=False)).code == "flow_already_inactive"
    assert refused(flow.require_active).code == "flow_inactive"
    refusal = refused(lambda: flow.require_empty(2))
    assert (refusal.code, refusal.params["held"]) == ("flow_in_use", 2)
    flow.require_empty(0)


def test_a_flow_has_its_number_of_tags_each_with_its_own_name() -> None:
    board = Board([Tag(f"t{number}", f"Tag {number}", "#000000") for number in range(MAX_TAGS)])
    assert refused(lambda: board.add(Tag("new", "Nova", "#000000"))).code == "tag_limit_reached"
    board.delete("t0")
    assert refused(lambda: board.add(Tag("new", " tág 1", "#000000"))).code == "tag_exists"
    assert refused(lambda: board.change("t2", "TAG 1", None)).code == "tag_exists"
    assert refused(lambda: board.add(Tag("new", "Todos", "#000000"))).code == "tag_reserved"
    assert board.change("t1", "TAG 1", None).name == "TAG 1"
    assert board.add(Tag("new", "Tag 0", "#000000")) in board.tags


def test_a_new_order_has_each_tag_once_and_is_set_by_who_holds_the_lock() -> None:
    board = Board([Tag("a", "A", "#000000"), Tag("b", "B", "#000000")])
    assert refused(lambda: board.order(["b", "a"], "u1", NOW)).code == "ordering_not_held"
    board.take("u1", "Ana", NOW)
    for wrong in (["a"], ["a", "a"], ["a", "b", "b"]):
        assert refused(partial(board.order, wrong, "u1", NOW)).code == "order_incomplete"
    assert refused(lambda: board.take("u2", "Rui", NOW)).code == "ordering_taken"
    assert refused(lambda: board.release("u2", NOW)).code == "ordering_taken"
    assert refused(lambda: board.linkable(["a"], NOW)).code == "tags_being_ordered"
    board.order(["b", TODOS, "a"], "u1", NOW)
    assert [tag.id for tag in board.tags] == ["b", "a"]
