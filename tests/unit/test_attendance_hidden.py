"""An attendance is hidden with its person, by its type and by its flow, in every list and command alike."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest

from services.attendance import contract
from services.attendance.store import INDEXES, SEEABLES, AttendanceSession
from services.attendance.use_cases import attendances, entries, filing, flows, heard, opening, queries, reports
from services.chassis.errors import NotFound
from services.chassis.schemas import load
from services.chassis.session import Actor
from services.chassis.subscriptions import Heard
from tests.support.memory import Memory, Narrowed
from tests.unit.test_attendance_trash import LISTED, OPENED

NOW = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
PAGE = {"limit": 20, "cursor": None}
VIEW = {"sort": "-updated_at", "tag_id": None, "q": "", "filed": "active"}


class Office:
    """A supplier's and a client's attendance, both in one flow of Ana's."""

    def __init__(self) -> None:
        self.memory = Memory(AttendanceSession, INDEXES)
        hear: Any = heard.on_people_person_registered
        for person, category in (("p1", "client"), ("p2", "supplier")):
            told = {"person_id": person, "name": category, "categories": [category]}
            event = Heard("e", "c1", person, 1, NOW, load(contract.PersonSeen, told))
            self.memory.run(partial(hear.__wrapped__, event=event))
        given = {"name": "Obras", "alias": None, "description": "", "users": None, "active": True}
        self.flow = self.run(flows.create_flow, **given).id
        self.client, self.supplier = (
            str(self.run(opening.open_attendance, **{**OPENED, "person_id": person, "flow_id": self.flow})["id"])
            for person in ("p1", "p2")
        )

    def run(self, use_case: Any, user: Any = None, **data: Any) -> Any:
        return self.memory.run(lambda tx: use_case.__wrapped__(tx, data), user=user)

    def user(self, **scopes: Any) -> Narrowed:
        return Narrowed(self.memory, Actor("u1", "Caio", ("attendance.read",), scopes), SEEABLES)


@pytest.fixture
def office() -> Office:
    return Office()


def test_who_is_narrowed_to_clients_reads_and_changes_no_suppliers(office: Office) -> None:
    user, one = office.user(category=["client"]), {"attendance_id": office.supplier}
    asked: list[tuple[Any, dict[str, Any]]] = [
        (attendances.get_attendance, {"id": office.supplier}),
        (attendances.close_attendance, one),
        (entries.list_entries, {**one, **PAGE, "standard": False}),
        (entries.list_entries_in_time, {**one, **PAGE}),
        (filing.archive_attendance, one),
        (filing.trash_attendance, one),
        (opening.duplicate_attendance, one),
        (reports.list_summaries, {"ids": [office.client, office.supplier]}),
        (opening.open_attendance, {**OPENED, "person_id": "p2"}),
    ]
    for use_case, data in asked:
        with pytest.raises(NotFound):
            office.run(use_case, user, **data)


def test_no_list_has_them_and_the_next_one_is_the_next_that_is_seen(office: Office) -> None:
    user = office.user(category=["client"])
    assert (
        office.run(queries.list_attendances, user, **{**LISTED, "person_id": "p2", "include_closed": True})["items"]
        == []
    )
    shown = office.run(filing.list_flow_attendances, user, flow_id=office.flow, **VIEW, **PAGE)["items"]
    assert [row["id"] for row in shown] == [office.client]
    around = {"flow_id": office.flow, "attendance_id": office.client, **VIEW}
    assert office.run(filing.get_neighbours, user, **around) == {"previous": None, "next": None}
    assert set(office.run(filing.get_neighbours, office.user(), **around).values()) == {None, office.supplier}


def test_a_flows_totals_are_told_to_who_sees_all_of_it(office: Office) -> None:
    asked = {"manage": False, "include_inactive": False}
    [whole] = office.run(flows.list_flows, office.user(), **asked)["items"]
    assert whole["totals"] is not None
    for scopes in ({"category": ["client"]}, {"attendance_type": ["x"]}):
        [part] = office.run(flows.list_flows, office.user(**scopes), **asked)["items"]
        assert part["totals"] is None
