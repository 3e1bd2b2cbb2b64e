"""Whoever is told something is asked for their right when told, and when it is sent; so is who reads the log."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.access.visibility import merge_scopes
from services.chassis.errors import NotFound
from services.chassis.handling.session import Actor
from services.chassis.storage.rows import Document
from services.notifications import subscribers as notifications_subscribers
from services.notifications.deliveries.model import email
from services.notifications.watching import commands as watching_commands
from services.notifications.watching import queries as watching_queries
from services.people.access.model import Role, access_of
from tests.support.builders.notifications_in_memory import (
    BOARD,
    FULL,
    NOW,
    InMemoryNotifications,
    narrowed,
    sender,
    with_watchers,
    without,
)


def test_only_users_of_the_flow_are_told_what_is_said_in_it() -> None:
    made = with_watchers(w1=[FULL], w2=[FULL])
    made.entry(flow=BOARD)
    assert made.told() == ["w1"]
    made.entry(sequence=3, entry_id="n2")
    assert made.told() == ["w1", "w1", "w2"]


@pytest.mark.parametrize(
    "roles",
    [
        narrowed(section=["watchers"]),
        narrowed(section=["attendances"]),
        narrowed(category=["supplier"]),
        narrowed(attendance_type=["other"]),
        narrowed(flow=["other"]),
        without("attendance.read"),
        without("people.read"),
        [],
    ],
)
def test_who_may_not_see_an_entry_is_not_told_of_it(roles: list[Document]) -> None:
    made = with_watchers(w1=[FULL], w2=roles)
    made.entry(flow={**BOARD, "users": ["w1", "w2"]}, type_id="t1")
    assert made.told() == ["w1"]


def test_a_second_role_that_is_not_narrowed_lets_them_see_all() -> None:
    made = with_watchers(w1=[*narrowed(section=["orders"]), FULL])
    made.entry()
    assert made.told() == ["w1"]


@pytest.mark.parametrize(
    "withdraw",
    [
        lambda made: made.user("w1", 2, active=False),
        lambda made: made.user("w1", 2, roles=[]),
        lambda made: made.user("w1", 2, roles=narrowed(section=["orders"])),
        lambda made: made.hear(
            notifications_subscribers.on_people_role_changed, "own", 2, **{**FULL, "permissions": []}
        ),
        lambda made: made.hear(
            notifications_subscribers.on_people_role_changed, "own", 2, **{**FULL, "scopes": {"category": ["supplier"]}}
        ),
        lambda made: made.hear(
            notifications_subscribers.on_attendance_flow_changed, "f1", 2, flow_id="f1", users=["ana"]
        ),
        lambda made: made.hear(
            notifications_subscribers.on_attendance_attendance_filed,
            "a1",
            3,
            attendance_id="a1",
            type_id="t1",
            flow={"flow_id": "f2", "version": 1, "users": ["ana"]},
        ),
    ],
)
def test_a_right_that_is_withdrawn_before_a_mail_is_sent_keeps_it_back(
    withdraw: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = with_watchers(w1=[{**FULL, "role_id": "own", "version": 1}], ana=[FULL])
    made.entry(flow=BOARD, type_id="t1")
    assert made.told() == ["ana", "w1"]
    withdraw(made)
    send, mails = sender(made, monkeypatch)
    for row in made.documents("deliveries"):
        send({**row, "company": "c1"})
    assert mails == ["ana@x.example"]
    (kept,) = [one for one in made.documents("deliveries") if one["recipient"] == "w1@x.example"]
    assert kept["status"] == "suppressed"


def test_an_older_event_gives_no_right_back() -> None:
    made = with_watchers(w1=[FULL])
    made.user("w1", 3, active=False)
    made.user("w1", 2)
    made.hear(notifications_subscribers.on_attendance_flow_changed, "f1", 5, flow_id="f1", users=[])
    made.entry(flow=BOARD)
    assert made.told() == []


def test_a_user_of_whom_nothing_is_known_yet_is_asked_again_at_sending(monkeypatch: pytest.MonkeyPatch) -> None:
    made = InMemoryNotifications()
    made.watches("new")
    made.entry()
    send, mails = sender(made, monkeypatch)
    (row,) = made.documents("deliveries")
    send({**row, "company": "c1"})
    (row,) = made.documents("deliveries")
    assert (mails, row["status"], row["last_error"]) == ([], "failed", "recipient_unknown")
    made.user("new")
    send({**row, "company": "c1"})
    assert mails == ["new@x.example"]


def test_the_customers_own_copy_needs_no_right(monkeypatch: pytest.MonkeyPatch) -> None:
    made = InMemoryNotifications()
    made.entry(flow=BOARD, notify_customer=True, customer_email="rita@c.example")
    send, mails = sender(made, monkeypatch)
    (row,) = made.documents("deliveries")
    send({**row, "company": "c1"})
    assert mails == ["rita@c.example"]


def test_the_log_shows_what_the_reader_may_see_page_by_page() -> None:
    made = with_watchers(w1=[FULL])
    for number in range(12):
        hidden = number % 4 > 0
        made.entry(attendance_id=f"a{number}", entry_id=f"n{number}", flow=BOARD if hidden else None)
    assert len(made.log("w1")["items"]) == 12
    shown, cursor = [], None
    while True:
        found = made.log("bob", 1, cursor)
        shown += [one.attendance_id for one in found["items"]]
        cursor = found["next_cursor"]
        if cursor is None:
            break
    assert shown == ["a8", "a4", "a0"]


def test_the_log_hides_persons_types_and_flows_of_a_narrowed_reader() -> None:
    made = with_watchers(w1=[FULL])
    made.entry(flow=BOARD, type_id="t1")
    assert len(made.log("ana")["items"]) == 1
    for scopes in ({"category": ("supplier",)}, {"attendance_type": ("t2",)}, {"flow": ("f2",)}):
        assert made.log("ana", scopes=scopes)["items"] == [], scopes
    seen = {"category": ("client",), "attendance_type": ("t1",), "flow": ("f1",)}
    assert len(made.log("ana", scopes=seen)["items"]) == 1


def test_a_person_of_hidden_categories_is_not_found() -> None:
    made = with_watchers(w1=[FULL])
    for use_case in (
        watching_commands.watch_person,
        watching_commands.unwatch_person,
        watching_queries.list_watchers,
    ):
        made.actor = Actor("u9", "Zé", scopes={"category": ("supplier",)})
        with pytest.raises(NotFound, match="person_not_found"):
            made.do(use_case, {"person_id": "p1", "email": "z@x.example"})


scope = st.dictionaries(st.sampled_from(["section", "flow"]), st.lists(st.sampled_from("abc"), max_size=3).map(tuple))


@given(st.lists(scope, max_size=3))
def test_several_roles_narrow_here_as_they_do_in_people(scopes: list[dict[str, tuple[str, ...]]]) -> None:
    held = access_of([Role(str(number), "", (), one) for number, one in enumerate(scopes)])
    assert merge_scopes(scopes) == dict(held.scopes)


@pytest.mark.parametrize(
    ("active", "reason"), [(True, None), (False, "recipient_inactive"), (None, "recipient_unknown")]
)
def test_a_notice_about_nobody_goes_to_active_users_only(active: bool | None, reason: str | None) -> None:
    made = InMemoryNotifications()
    if active is not None:
        made.user("w1", active=active, roles=[])
    told = email("d1", {"person_id": "", "attendance_id": None}, "w1@x.example", "Aviso", "Texto", NOW)
    told.user_id = "w1"
    assert made.read(lambda session: session.refusals([told])) == [reason]
