"""Whoever is told something is asked for their right when told, and when it is sent; so is who reads the log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.access.visibility import joined
from services.chassis.errors import NotFound
from services.chassis.handling.session import Actor
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.storage.rows import Document
from services.notifications import subscribers as notifications_subscribers
from services.notifications.deliveries import queries as deliveries_queries
from services.notifications.deliveries.asking import make_asking
from services.notifications.deliveries.jobs import make_sender
from services.notifications.deliveries.model import Delivery, email
from services.notifications.deliveries.repository import Attempt
from services.notifications.service import Notifications
from services.notifications.session import INDEXES, NotificationsSession
from services.notifications.visibility import SEEABLES
from services.notifications.watching import commands as watching_commands
from services.notifications.watching import queries as watching_queries
from services.people.access.model import Role, access_of
from tests.support.fakes.memory import Memory, Narrowed

NOW = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
FULL = {"role_id": "seller", "version": 0, "permissions": ["people.read", "attendance.read"], "scopes": {}}
BOARD = {"flow_id": "f1", "version": 1, "users": ["w1", "ana"]}


class House(Memory):
    """Notifications, with what it hears."""

    def __init__(self) -> None:
        super().__init__(NotificationsSession, INDEXES)
        self.actor = Actor("ana", "Ana")
        self.heard = 0
        self.hear(
            notifications_subscribers.on_people_person_registered,
            "p1",
            1,
            person_id="p1",
            name="Rita",
            categories=["client"],
        )

    def session(self, user: Any = None) -> Any:
        found = super().session(user)
        found.actor = self.actor
        return found

    def do(self, use_case: Any, data: dict[str, Any]) -> Any:
        user = Narrowed(self, self.actor, SEEABLES)
        return self.run(lambda tx: use_case.__wrapped__(tx, data), user=user)

    def hear(self, handler: Any, aggregate: str, sequence: int, **data: Any) -> str:
        self.heard += 1
        event = ReceivedEvent(f"e{self.heard}", self.company, aggregate, sequence, NOW, data)
        self.run_again(handler, event)
        return event.id

    def run_again(self, handler: Any, event: ReceivedEvent) -> None:
        """As it is for a handler that may be repeated; of what somebody else has done."""
        self.actor = Actor("bia", "Bia")
        self.run(lambda tx: handler.__wrapped__(tx, event), repeats=True)

    def user(self, user: str, version: int = 1, active: bool = True, roles: Sequence[Document] = (FULL,)) -> None:
        told = {"user_id": user, "active": active, "name": user, "login": f"{user}@x.example", "roles": list(roles)}
        self.hear(notifications_subscribers.on_people_user_changed, user, version, **told)

    def watches(self, user: str, person: str = "p1") -> None:
        self.actor = Actor(user, user)
        data = {"person_id": person, "email": f"{user}@x.example", "mode": "at_once", "own_actions": False}
        self.do(watching_commands.watch_person, data)

    def entry(self, sequence: int = 2, **more: Any) -> None:
        told = {
            "attendance_id": "a1", "entry_id": "n1", "person_id": "p1", "person_name": "Rita", "title": "Dívida",
            "text": "Segredo", "author_name": "Bia", "recorded_at": NOW, "reference": 1, "notify_customer": False,
            "customer_email": None, "files": [], "left_out": [], "type_id": None, "flow": None, **more,
        }  # fmt: skip
        self.hear(Notifications.on_attendance_entry_recorded, told["attendance_id"], sequence, **told)

    def told(self) -> list[str]:
        return sorted(one["recipient"].partition("@")[0] for one in self.documents("deliveries"))

    def log(self, user: str, limit: int = 20, cursor: str | None = None, scopes: Any = None) -> Any:
        self.actor = Actor(user, user, scopes=scopes or {})
        data = {"limit": limit, "cursor": cursor, **dict.fromkeys(("person_id", "state", "channel", "since", "until"))}
        return self.do(deliveries_queries.list_deliveries, data)


def house(**roles: Sequence[Document]) -> House:
    """With a watcher of this name for each; their roles."""
    made = House()
    for user, held in roles.items():
        made.user(user, roles=held)
        made.watches(user)
    return made


def narrowed(**scopes: list[str]) -> list[Document]:
    return [{**FULL, "role_id": "narrow", "version": 1, "scopes": scopes}]


def without(permission: str) -> list[Document]:
    return [{**FULL, "role_id": "lesser", "permissions": [one for one in FULL["permissions"] if one != permission]}]  # type: ignore[attr-defined]


def sender(made: House, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, list[str]]:
    """The sender, and the mails that it hands over."""
    mails: list[str] = []
    module = "services.notifications.deliveries.jobs"

    def send(delivery: Delivery, enclosure: Any) -> str:
        mails.append(delivery.recipient)
        return "SMTP 250"

    mailer = SimpleNamespace(longest=1, send=send)
    monkeypatch.setattr(f"{module}.installation_mailer", lambda: (mailer, 1))
    monkeypatch.setattr(f"{module}.enclosure_of", lambda database, company, delivery: None)

    def recorded(database: Any, attempts: Sequence[Attempt]) -> list[None]:
        for row, delivery in attempts:
            made.collection("deliveries").put(
                {**row, "status": delivery.status, "last_error": delivery.last_error, "refused": delivery.refused}
            )
        return [None] * len(attempts)

    monkeypatch.setattr(f"{module}.record_attempts", recorded)
    monkeypatch.setattr(f"{module}.forget_enclosure", lambda database, company, delivery: None)
    return make_sender(runtime_of(made)).handle, mails


def runtime_of(made: House, **more: Any) -> Any:
    """As much of it as jobs need; its sessions ask together."""

    def session_for(*_: Any) -> Any:
        session = made.session()
        session.shared = asking
        return session

    runtime: Any = SimpleNamespace(database=None, session_for=session_for, **more)
    asking = make_asking(runtime)
    return runtime


def test_only_users_of_the_flow_are_told_what_is_said_in_it() -> None:
    made = house(w1=[FULL], w2=[FULL])
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
    made = house(w1=[FULL], w2=roles)
    made.entry(flow={**BOARD, "users": ["w1", "w2"]}, type_id="t1")
    assert made.told() == ["w1"]


def test_a_second_role_that_is_not_narrowed_lets_them_see_all() -> None:
    made = house(w1=[*narrowed(section=["orders"]), FULL])
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
    made = house(w1=[{**FULL, "role_id": "own", "version": 1}], ana=[FULL])
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
    made = house(w1=[FULL])
    made.user("w1", 3, active=False)
    made.user("w1", 2)
    made.hear(notifications_subscribers.on_attendance_flow_changed, "f1", 5, flow_id="f1", users=[])
    made.entry(flow=BOARD)
    assert made.told() == []


def test_a_user_of_whom_nothing_is_known_yet_is_asked_again_at_sending(monkeypatch: pytest.MonkeyPatch) -> None:
    made = House()
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
    made = House()
    made.entry(flow=BOARD, notify_customer=True, customer_email="rita@c.example")
    send, mails = sender(made, monkeypatch)
    (row,) = made.documents("deliveries")
    send({**row, "company": "c1"})
    assert mails == ["rita@c.example"]


def test_the_log_shows_what_the_reader_may_see_page_by_page() -> None:
    made = house(w1=[FULL])
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
    made = house(w1=[FULL])
    made.entry(flow=BOARD, type_id="t1")
    assert len(made.log("ana")["items"]) == 1
    for scopes in ({"category": ("supplier",)}, {"attendance_type": ("t2",)}, {"flow": ("f2",)}):
        assert made.log("ana", scopes=scopes)["items"] == [], scopes
    seen = {"category": ("client",), "attendance_type": ("t1",), "flow": ("f1",)}
    assert len(made.log("ana", scopes=seen)["items"]) == 1


def test_a_person_of_hidden_categories_is_not_found() -> None:
    made = house(w1=[FULL])
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
    assert joined(scopes) == dict(held.scopes)


@pytest.mark.parametrize(
    ("active", "reason"), [(True, None), (False, "recipient_inactive"), (None, "recipient_unknown")]
)
def test_a_notice_about_nobody_goes_to_active_users_only(active: bool | None, reason: str | None) -> None:
    made = House()
    if active is not None:
        made.user("w1", active=active, roles=[])
    told = email("d1", {"person_id": "", "attendance_id": None}, "w1@x.example", "Aviso", "Texto", NOW)
    told.user_id = "w1"
    assert made.read(lambda session: session.reasons([told])) == [reason]
