"""An appointment is hidden with its person, and with the conversation of the opportunity that it is linked to."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.chassis.errors import NotFound
from services.chassis.handling.session import Actor
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.replicas import handlers
from services.chassis.schemas import load
from services.scheduling import commands as scheduling_commands
from services.scheduling import contract
from services.scheduling import queries as scheduling_queries
from services.scheduling import subscribers as scheduling_subscribers
from services.scheduling.session import INDEXES, SchedulingSession
from services.scheduling.visibility import VISIBILITY_RULES
from tests.support.fakes.memory import Memory, Narrowed

NOW = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
BOOKED = {"kind": "visita", "subject": "Visita", "starts_at": "2027-03-01T10:00:00Z", "ends_at": "2027-03-01T11:00:00Z"}
FLOW = {"flow_id": "f1", "version": 1, "users": ["u1"]}


class Agenda:
    """Of a person: an appointment for an opportunity whose conversation is filed in a flow, and one for none."""

    def __init__(self) -> None:
        self.memory = Memory(SchedulingSession, INDEXES)
        self.hear(
            scheduling_subscribers.on_people_person_registered,
            scheduling_subscribers.PersonSeen,
            "p1",
            name="Rita",
            categories=["client"],
            person_id="p1",
        )
        self.hear(
            scheduling_subscribers.on_sales_opportunity_created,
            scheduling_subscribers.OpportunitySeen,
            "o1",
            opportunity_id="o1",
            attendance_id="a1",
            person_id="p1",
        )
        told = {"attendance_id": "a1", "person_id": "p1", "type_id": "visit"}
        self.hear(
            scheduling_subscribers.on_attendance_attendance_opened,
            handlers.AttendanceSeen,
            "a1",
            **told,
            flow=None,
        )
        self.hear(
            scheduling_subscribers.on_attendance_attendance_filed,
            handlers.AttendanceSeen,
            "a1",
            2,
            **told,
            flow=FLOW,
        )
        self.linked = self.book(opportunity_id="o1")
        self.free = self.book()

    def hear(self, handler: Any, takes: Any, aggregate: str, sequence: Any = 1, **data: Any) -> None:
        event = ReceivedEvent("e", "c1", aggregate, sequence, NOW, load(takes, data))
        self.memory.run(lambda tx: handler.__wrapped__(tx, event))

    def book(self, user: Narrowed | None = None, **fields: Any) -> str:
        data = load(contract.BookAppointment, {"person_id": "p1", **BOOKED, **fields})
        book: Any = scheduling_commands.book_appointment
        return str(self.memory.run(lambda tx: book.__wrapped__(tx, data), user=user).id)

    def listed(self, user: Narrowed) -> set[str]:
        data = load(contract.ListAppointments, {"person_id": "p1"})
        look: Any = scheduling_queries.list_appointments
        return {one.id for one in self.memory.run(lambda tx: look.__wrapped__(tx, data), user=user)["items"]}

    def company_wide(self, user: Narrowed, **asked: Any) -> list[str]:
        data = load(contract.ListCompanyAppointments, asked)
        look: Any = scheduling_queries.list_company_appointments
        return [one.id for one in self.memory.run(lambda tx: look.__wrapped__(tx, data), user=user)["items"]]

    def user(self, user_id: str, **scopes: Any) -> Narrowed:
        return Narrowed(self.memory, Actor(user_id, "Caio", (), scopes), VISIBILITY_RULES)


@pytest.fixture
def agenda() -> Agenda:
    return Agenda()


def test_who_sees_the_conversation_sees_both(agenda: Agenda) -> None:
    assert agenda.listed(agenda.user("u1")) == {agenda.linked, agenda.free}


@pytest.mark.parametrize(("user_id", "scopes"), [("u2", {}), ("u1", {"flow": []}), ("u1", {"attendance_type": ["x"]})])
def test_who_does_not_see_it_misses_its_appointment_and_makes_none(
    agenda: Agenda, user_id: str, scopes: dict[str, Any]
) -> None:
    user = agenda.user(user_id, **scopes)
    assert agenda.listed(user) == {agenda.free}
    with pytest.raises(NotFound, match="opportunity_not_found"):
        agenda.book(user, opportunity_id="o1")


def test_a_hidden_person_has_no_agenda(agenda: Agenda) -> None:
    user = agenda.user("u1", category=["supplier"])
    assert agenda.listed(user) == set()
    with pytest.raises(NotFound, match="person_not_found"):
        agenda.book(user)


def test_a_right_withdrawn_counts(agenda: Agenda) -> None:
    agenda.hear(
        scheduling_subscribers.on_attendance_flow_changed,
        handlers.FlowSeen,
        "f1",
        2,
        flow_id="f1",
        users=["u2"],
    )
    assert agenda.listed(agenda.user("u1")) == {agenda.free}
    assert agenda.listed(agenda.user("u2")) == {agenda.linked, agenda.free}


def test_the_companys_list_has_what_the_user_sees_of_whoever_booked_it(agenda: Agenda) -> None:
    own = agenda.book(agenda.user("u2"), starts_at="2027-02-01T10:00:00Z", ends_at="2027-02-01T11:00:00Z")
    assert agenda.company_wide(agenda.user("u1")) == [own, *sorted([agenda.linked, agenda.free])]
    assert agenda.company_wide(agenda.user("u2")) == [own, agenda.free]
    assert agenda.company_wide(agenda.user("u2"), user_id="me") == [own]
    assert agenda.company_wide(agenda.user("u2"), user_id="u1") == [agenda.free]
    assert agenda.company_wide(agenda.user("u1", category=["supplier"])) == []
    march = {"starts_from": "2027-03-01T00:00:00-03:00"}
    assert agenda.company_wide(agenda.user("u2"), **march) == [agenda.free]
    assert agenda.company_wide(agenda.user("u2"), starts_before="2027-03-01T00:00:00-03:00") == [own]
    assert agenda.company_wide(agenda.user("u2"), starts_from="2027-02-01T10:00:00Z",
                               starts_before="2027-02-01T10:00:00Z") == []  # fmt: skip
