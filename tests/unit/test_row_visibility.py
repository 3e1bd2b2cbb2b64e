"""What a user does not see is not found, and takes no place in a page (chassis/access/row_visibility.py)."""

from __future__ import annotations

from typing import Any

import pytest

from services.chassis.access.row_visibility import (
    AttendanceFiling,
    AttendanceReplicas,
    RowVisibility,
    VisibilityRule,
    VisibleRows,
)
from services.chassis.access.visibility import ATTENDANCE_TYPE, CATEGORY, FLOW, AttendanceFacts, Sight
from services.chassis.handling.session import Session
from tests.support.fakes.memory import Memory

QUOTES = VisibilityRule("quotes", attendance="attendance_id")
BY_NUMBER = [("number", 1), ("_id", 1)]
TOLD: dict[str, Any] = {"type_id": "visit", "flow": {"flow_id": "f1", "version": 1, "users": ["u1"]}}


@pytest.fixture
def memory() -> Memory:
    """A client and an employee, with a quote in an attendance of flow f1, and one in an attendance of no flow, each."""
    memory = Memory(Session, ())
    attendances = AttendanceReplicas(memory)  # type: ignore[arg-type]
    for number, (person, category) in enumerate((("p1", "client"), ("p2", "employee"))):
        memory.collection("persons").insert({"_id": person, "categories": [category]})
        attendances.put_from_event(f"filed-{person}", 1, TOLD)
        attendances.put_from_event(f"free-{person}", 1, {"type_id": None, "flow": None})
        for place, attendance in enumerate(("filed", "free")):
            row = {"person_id": person, "attendance_id": f"{attendance}-{person}", "number": 2 * number + place}
            memory.collection("quotes").insert({"_id": f"{attendance}-{person}", **row})
    return memory


def seen(memory: Memory, user: str, **scopes: list[str]) -> list[str]:
    rows: Any = VisibleRows(memory.collection("quotes"), RowVisibility(Sight(user, scopes), memory), QUOTES)  # type: ignore[arg-type]
    found = [row["_id"] for row in rows.find({}, BY_NUMBER, 10)]
    assert found == [one for one in ALL if rows.find_one({"_id": one})]
    assert found == [row["_id"] for row in rows.find({}, BY_NUMBER, 10, ["number"])]  # few fields hide nothing less
    return found


ALL = ["filed-p1", "free-p1", "filed-p2", "free-p2"]


def test_who_is_narrowed_by_nothing_and_uses_the_flow_sees_all(memory: Memory) -> None:
    assert seen(memory, "u1") == ALL


def test_an_outsider_misses_what_belongs_to_the_flow(memory: Memory) -> None:
    assert seen(memory, "u2") == ["free-p1", "free-p2"]


@pytest.mark.parametrize(
    ("kind", "names", "shown"),
    [
        (CATEGORY, ["client"], ["filed-p1", "free-p1"]),
        (CATEGORY, ["supplier"], []),
        (FLOW, ["f2"], ["free-p1", "free-p2"]),
        (FLOW, ["f1"], ALL),
        (ATTENDANCE_TYPE, ["call"], ["free-p1", "free-p2"]),
        (ATTENDANCE_TYPE, ["visit"], ALL),
    ],
)
def test_each_kind_of_scope_hides_what_it_does_not_name(
    memory: Memory, kind: str, names: list[str], shown: list[str]
) -> None:
    assert seen(memory, "u1", **{kind: names}) == shown


def test_a_page_is_full_however_many_are_hidden_before_it(memory: Memory) -> None:
    for number in range(20):
        row = {"person_id": "p2", "attendance_id": "filed-p2", "number": -number}
        memory.collection("quotes").insert({"_id": f"hidden-{number}", **row})
    rows: Any = VisibleRows(memory.collection("quotes"), RowVisibility(Sight("u2"), memory), QUOTES)  # type: ignore[arg-type]
    assert [row["_id"] for row in rows.find({}, BY_NUMBER, 2)] == ["free-p1", "free-p2"]
    assert [row["_id"] for row in rows.find({}, BY_NUMBER, 1)] == ["free-p1"]


def test_a_right_withdrawn_meanwhile_counts_and_an_older_word_does_not(memory: Memory) -> None:
    attendances = AttendanceReplicas(memory)  # type: ignore[arg-type]
    attendances.put_flow("f1", 3, ["u2"])
    attendances.put_flow("f1", 2, ["u1"])
    assert seen(memory, "u1") == ["free-p1", "free-p2"]
    assert seen(memory, "u2") == ALL


def told_beside(attendances: AttendanceReplicas, sequence: int, said: Any) -> AttendanceFacts | None:
    return attendances.facts_of(["a1"], [AttendanceFiling("a1", sequence, said)])["a1"]


def test_what_is_told_of_one_attendance_at_the_same_moment_ends_with_the_newest() -> None:
    flow = TOLD["flow"]
    attendances = AttendanceReplicas(Memory(Session, ()))  # type: ignore[arg-type]
    told = [
        AttendanceFiling(
            "a1", sequence, {"type_id": f"t{sequence}", "flow": {**flow, "version": version, "users": [f"u{version}"]}}
        )
        for sequence, version in ((3, 2), (1, 4), (2, 3))
    ]
    assert attendances.facts_of(["a1"], told)["a1"] == AttendanceFacts("t3", "f1", ["u4"]) == attendances.facts("a1")


def test_facts_that_are_told_beside_something_else_are_kept_as_if_told_for_themselves() -> None:
    flow = TOLD["flow"]
    told = [
        (sequence, {"type_id": f"t{number}", "flow": {**flow, "version": sequence, "users": [f"u{number}"]}})
        for number, sequence in enumerate((2, 1, 3, 3, 2))
    ]
    ways = [Memory(Session, ()), Memory(Session, ())]
    alone, beside = (AttendanceReplicas(memory) for memory in ways)  # type: ignore[arg-type]
    for sequence, what in told:
        alone.put_from_event("a1", sequence, what)
        assert told_beside(beside, sequence, what) == alone.facts("a1") == beside.facts("a1")
    for name in ("attendances", "flows"):
        assert ways[0].documents(name) == ways[1].documents(name) != []
    assert beside.facts("a1") == AttendanceFacts("t2", "f1", ["u2"])


def test_facts_that_are_known_are_read_and_not_written_again() -> None:
    memory = Memory(Session, ())
    attendances = AttendanceReplicas(memory)  # type: ignore[arg-type]
    attendances.put_from_event("a1", 1, TOLD)
    before = [memory.documents(name) for name in ("attendances", "flows")]
    assert told_beside(attendances, 9, TOLD) == attendances.facts("a1")
    assert [memory.documents(name) for name in ("attendances", "flows")] == before


def test_an_older_word_of_another_flow_leaves_the_attendance_where_it_is() -> None:
    attendances = AttendanceReplicas(Memory(Session, ()))  # type: ignore[arg-type]
    attendances.put_from_event("a1", 5, TOLD)
    other = {"type_id": "x", "flow": {**TOLD["flow"], "flow_id": "f9", "users": ["u9"]}}
    assert told_beside(attendances, 4, other) == attendances.facts("a1")
    assert attendances.facts("a1") == AttendanceFacts(TOLD["type_id"], "f1", TOLD["flow"]["users"])


def test_the_facts_of_an_attendance_are_those_that_rows_are_hidden_by(memory: Memory) -> None:
    attendances = AttendanceReplicas(memory)  # type: ignore[arg-type]
    memory.collection("attendances").insert({"_id": "early", "sequence": 1, "person_id": "p1"})
    assert attendances.facts("filed-p1") == AttendanceFacts("visit", "f1", ["u1"])
    assert attendances.facts("free-p1") == AttendanceFacts(None, None, None)
    assert attendances.facts("early") is attendances.facts("unheard") is None
    memory.collection("flows").delete({"_id": "f1"})
    assert attendances.facts("filed-p1") == AttendanceFacts("visit", "f1", None)


def test_a_row_that_should_name_its_attendance_and_does_not_is_hidden_from_who_is_narrowed(memory: Memory) -> None:
    memory.collection("quotes").insert({"_id": "older", "person_id": "p1"})
    always = VisibilityRule("quotes", attendance="attendance_id", always=True)
    for scopes, shown in (({}, True), ({CATEGORY: ["client"]}, True), ({FLOW: ["f1"]}, False)):
        rows: Any = VisibleRows(memory.collection("quotes"), RowVisibility(Sight("u1", scopes), memory), always)  # type: ignore[arg-type]
        assert (rows.find_one({"_id": "older"}) is not None) == shown, scopes


def test_what_is_not_known_here_yet_is_hidden_from_who_is_narrowed_by_it(memory: Memory) -> None:
    memory.collection("attendances").delete({"_id": "free-p1"})
    memory.collection("persons").delete({"_id": "p2"})
    assert seen(memory, "u1") == ALL
    assert seen(memory, "u1", flow=["f1"]) == ["filed-p1", "filed-p2", "free-p2"]
    assert seen(memory, "u1", category=["employee"]) == []


def test_what_belongs_to_nobody_and_to_no_attendance_is_hidden_by_none(memory: Memory) -> None:
    memory.collection("quotes").insert({"_id": "loose", "person_id": "", "attendance_id": None, "number": 9})
    visibility = RowVisibility(Sight("u2", {CATEGORY: ["x"], FLOW: ["y"]}), memory)  # type: ignore[arg-type]
    rows: Any = VisibleRows(memory.collection("quotes"), visibility, QUOTES)
    assert [row["_id"] for row in rows.find({}, BY_NUMBER, 10)] == ["loose"]
