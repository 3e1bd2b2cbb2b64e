"""Who sees what, by scopes and facts alone (chassis/access/visibility.py)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.access.visibility import ATTENDANCE_TYPE, CATEGORY, FLOW, SECTION, AttendanceFacts, Sight

names = st.sampled_from(["a", "b", "c"])
some = st.frozensets(names)


def test_nobody_who_is_not_narrowed_misses_a_person_a_section_or_a_type() -> None:
    sight = Sight("u1")
    assert sight.person(None)
    assert sight.person(["employee"])
    assert sight.section("contracts")
    assert sight.attendance(AttendanceFacts("t1"))
    assert sight.attendance(None)


@given(some, some)
def test_one_allowed_category_is_enough_and_none_is_not(allowed: frozenset[str], held: frozenset[str]) -> None:
    assert Sight("u1", {CATEGORY: allowed}).person(held) is bool(allowed & held)


def test_what_is_not_known_is_hidden_from_who_is_narrowed_by_it_and_from_nobody_else() -> None:
    assert not Sight("u1", {CATEGORY: ["client"]}).person(None)
    assert not Sight("u1", {FLOW: ["f1"]}).attendance(None)
    assert not Sight("u1", {ATTENDANCE_TYPE: ["t1"]}).attendance(None)
    assert Sight("u1", {SECTION: ["contracts"]}).attendance(None)
    assert not Sight("u1").attendance(AttendanceFacts(flow_id="f1", flow_users=None))


@given(some, names)
def test_a_section_is_seen_where_the_scope_names_it_and_what_is_no_section_always(
    allowed: frozenset[str], asked: str
) -> None:
    sight = Sight("u1", {SECTION: allowed})
    assert sight.section(asked) is (asked in allowed)
    assert sight.section(None)


@given(some, st.none() | names, some, st.none() | names, some)
def test_an_attendance_is_seen_where_neither_its_type_nor_its_flow_hides_it(
    types: frozenset[str], type_id: str | None, flows: frozenset[str], flow_id: str | None, users: frozenset[str]
) -> None:
    sight = Sight("a", {ATTENDANCE_TYPE: types, FLOW: flows})
    type_seen = type_id is None or type_id in types
    flow_seen = flow_id is None or (flow_id in flows and "a" in users)
    assert sight.attendance(AttendanceFacts(type_id, flow_id, users)) is (type_seen and flow_seen)


@given(some, names)
def test_a_flow_is_its_users_only_even_for_who_is_not_narrowed(users: frozenset[str], flow_id: str) -> None:
    assert Sight("a").attendance(AttendanceFacts(None, flow_id, users)) is ("a" in users)
