"""An attendance is hidden with its person, by its type and by its flow, in every list and command alike."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest

from services.attendance import subscribers as attendance_subscribers
from services.attendance.attendances import commands as attendances_commands
from services.attendance.attendances import queries as attendances_queries
from services.attendance.entries import queries as entries_queries
from services.attendance.filing import commands as filing_commands
from services.attendance.filing import queries as filing_queries
from services.attendance.flows import commands as flows_commands
from services.attendance.flows import queries as flows_queries
from services.attendance.session import INDEXES, AttendanceSession
from services.attendance.visibility import VISIBILITY_RULES
from services.chassis.errors import NotFound
from services.chassis.handling.session import Actor
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.schemas import load
from tests.support.builders.attendance_in_memory import LISTED, OPENED
from tests.support.fakes.memory import Memory, Narrowed

NOW = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
PAGE = {"limit": 20, "cursor": None}
VIEW = {"sort": "-updated_at", "tag_id": None, "q": "", "filed": "active"}


class Office:
    """A supplier's and a client's attendance, both in one flow of Ana's."""

    def __init__(self) -> None:
        self.memory = Memory(AttendanceSession, INDEXES)
        hear: Any = attendance_subscribers.on_people_person_registered
        for person, category in (("p1", "client"), ("p2", "supplier")):
            told = {"person_id": person, "name": category, "categories": [category]}
            event = ReceivedEvent("e", "c1", person, 1, NOW, load(attendance_subscribers.PersonSeen, told))
            self.memory.run(partial(hear.__wrapped__, event=event))
        given = {"name": "Obras", "alias": None, "description": "", "users": None, "active": True}
        self.flow = self.run(flows_commands.create_flow, **given).id
        self.client, self.supplier = (
            str(
                self.run(attendances_commands.open_attendance, **{**OPENED, "person_id": person, "flow_id": self.flow})[
                    "id"
                ]
            )
            for person in ("p1", "p2")
        )

    def run(self, use_case: Any, user: Any = None, **data: Any) -> Any:
        return self.memory.run(lambda tx: use_case.__wrapped__(tx, data), user=user)

    def user(self, **scopes: Any) -> Narrowed:
        return Narrowed(self.memory, Actor("u1", "Caio", ("attendance.read",), scopes), VISIBILITY_RULES)


@pytest.fixture
def office() -> Office:
    return Office()


def test_who_is_narrowed_to_clients_reads_and_changes_no_suppliers(office: Office) -> None:
    user, one = office.user(category=["client"]), {"attendance_id": office.supplier}
    asked: list[tuple[Any, dict[str, Any]]] = [
        (attendances_queries.get_attendance, {"id": office.supplier}),
        (attendances_commands.close_attendance, one),
        (entries_queries.list_entries, {**one, **PAGE, "standard": False}),
        (entries_queries.list_entries_in_time, {**one, **PAGE}),
        (filing_commands.archive_attendance, one),
        (filing_commands.trash_attendance, one),
        (attendances_commands.duplicate_attendance, one),
        (attendances_queries.list_summaries, {"ids": [office.client, office.supplier]}),
        (attendances_commands.open_attendance, {**OPENED, "person_id": "p2"}),
    ]
    for use_case, data in asked:
        with pytest.raises(NotFound):
            office.run(use_case, user, **data)


def test_no_list_has_them_and_the_next_one_is_the_next_that_is_seen(office: Office) -> None:
    user = office.user(category=["client"])
    asked = {**LISTED, "person_id": "p2", "status": [], "include_closed": False}
    assert office.run(attendances_queries.list_attendances, user, **asked)["items"] == []
    shown = office.run(filing_queries.list_flow_attendances, user, flow_id=office.flow, **VIEW, **PAGE)["items"]
    assert [row["id"] for row in shown] == [office.client]
    around = {"flow_id": office.flow, "attendance_id": office.client, **VIEW}
    assert office.run(filing_queries.get_neighbours, user, **around) == {"previous": None, "next": None}
    assert set(office.run(filing_queries.get_neighbours, office.user(), **around).values()) == {None, office.supplier}


def test_a_flows_totals_are_told_to_who_sees_all_of_it(office: Office) -> None:
    asked = {"manage": False, "include_inactive": False}
    [whole] = office.run(flows_queries.list_flows, office.user(), **asked)["items"]
    assert whole["totals"] is not None
    for scopes in ({"category": ["client"]}, {"attendance_type": ["x"]}):
        [part] = office.run(flows_queries.list_flows, office.user(**scopes), **asked)["items"]
        assert part["totals"] is None
