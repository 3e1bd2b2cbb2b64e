"""Row N6: whom a mailing's filter finds, chunk by chunk; what an opt-out leaves in the person's consents."""

from __future__ import annotations

import datetime as dt
import json
from types import SimpleNamespace
from typing import Any

import pytest

from services.chassis.access.context import Context
from services.chassis.handling.session import Actor
from services.chassis.handling.subscriptions import ReceivedEvent
from services.people.audiences import jobs
from services.people.audiences import subscribers as audiences_subscribers
from services.people.audiences.jobs import make_gatherer
from services.people.audiences.model import Filter
from services.people.consents import commands as consents_commands
from services.people.consents import queries as consents_queries
from services.people.consents import subscribers as consents_subscribers
from services.people.persons import commands as persons_commands
from services.people.session import INDEXES, PeopleSession
from services.people.users.model import Membership, User
from services.people.visibility import VISIBILITY_RULES
from tests.support.fakes.memory import Memory, Narrowed

NOW = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
EVERYBODY: dict[str, Any] = {
    "category": None, "characteristic": None, "city": None, "state": None, "consenting": False, "person_ids": []
}  # fmt: skip


class Company(Memory):
    """People with an administrator; `scopes`: what their role is narrowed to."""

    def __init__(self, *permissions: str, **scopes: Any) -> None:
        super().__init__(PeopleSession, INDEXES, Actor("u1", "Ana"))
        role = {"_id": "r1", "name": "r", "name_key": "r", "version": 1, "permissions": permissions, "scopes": scopes}
        self.collection("roles").put(role)
        user = User("u1", "ana@x.example", "Ana", "no hash", {"c1": Membership(["r1"])})
        self.run(lambda tx: tx.users.add(user))

    def of(self, company: str) -> Company:
        return self

    def register(self, name: str, **fields: Any) -> str:
        return str(self.ask(persons_commands.register_person, name=name, **fields)["id"])

    def decide(self, person_id: str, given: bool = True, channel: str = "email") -> None:
        said = {"purpose": "marketing", "channel": channel, "given": given, "source": "x"}
        self.ask(consents_commands.decide_consent, person_id=person_id, **said)

    def consents(self, person_id: str) -> list[Any]:
        return list(self.ask(consents_queries.list_consents, person_id=person_id)["items"])

    def hear(self, handler: Any, data: dict[str, Any]) -> None:
        event = ReceivedEvent("e", self.company, "x", 1, NOW, data)
        self.run(lambda tx: handler.__wrapped__(tx, event))

    def gathered(self, monkeypatch: pytest.MonkeyPatch, crash_after: int = 0, **filters: Any) -> list[dict[str, Any]]:
        """The events of a gathering. `crash_after`: so many chunks are told, and then its process is another one."""
        asked = {"gathering_id": "g1", "mailing_id": "m1", "purpose": "marketing", "filter": {**EVERYBODY, **filters}}
        self.hear(audiences_subscribers.on_notifications_mailing_gathering_started, asked)
        monkeypatch.setattr(jobs, "Work", lambda *_: SimpleNamespace(put_off=lambda until: None))
        looks = [crash_after] if crash_after else []
        while rows := self.documents("audiences"):
            make_gatherer(self._runtime(looks)).handle({**rows[0], "company": self.company})
            looks.clear()
        told = [json.loads(one["envelope"]) for one in self.documents("outbox")]
        return [one for one in told if one["name"] == "mailing_audience_gathered"]

    def _runtime(self, looks: list[int]) -> Any:
        def session(context: Context, _: Any) -> Any:
            actor = Actor(context.user, context.user_name, context.permissions, context.scopes)
            return self.session(Narrowed(self, actor, VISIBILITY_RULES))

        def stopping() -> bool:
            if looks:
                looks[0] -= 1
                return looks[0] < 0
            return False

        class Work:
            stopping = property(lambda self: stopping())

        runtime: Any = SimpleNamespace(session=session, jobs={"audiences": Work()}, database=None)
        runtime.transact = lambda company, actor, cause, seconds, work: self.run(work)
        return runtime


def names(events: list[dict[str, Any]]) -> list[str]:
    return sorted(person["name"] for event in events for person in event["data"]["persons"])


def test_all_are_told_once_in_numbered_chunks_though_the_process_dies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "CHUNK", 2)
    company = Company("people.read")
    for number in range(5):
        company.register(f"Pessoa {number}")
    events = company.gathered(monkeypatch, crash_after=1)
    assert names(events) == [f"Pessoa {number}" for number in range(5)]
    assert [(one["sequence"], one["data"]["last"]) for one in events] == [(1, False), (2, False), (3, True)]


def test_each_part_of_the_filter_narrows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def company() -> Company:
        made = Company("people.read")
        made.register("Rita", emails=[{"address": "rita@x.example"}], addresses=[address("Água Boa")])
        agreed = made.register("Ivo", addresses=[address("Betim")])
        made.decide(agreed)
        made.register("Loja", categories=["supplier"])
        return made

    def address(city: str) -> dict[str, Any]:
        return {"street": "Rua", "city": city, "state": "MG"}

    for filters, expected in (
        ({}, ["Ivo", "Loja", "Rita"]),
        ({"category": "supplier"}, ["Loja"]),
        ({"city": "agua boa"}, ["Rita"]),
        ({"state": "MG"}, ["Ivo", "Rita"]),
        ({"consenting": True}, ["Ivo"]),
        ({"characteristic": "x"}, []),
    ):
        assert names(company().gathered(monkeypatch, **filters)) == expected, filters


def test_a_list_of_persons_is_gathered_as_it_is_and_nobody_beyond_the_users_sight(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    company = Company("people.read", category=["supplier"], section=["orders"])
    seen = company.register("Loja", categories=["supplier"], addresses=[{"street": "R", "city": "B", "state": "MG"}])
    hidden = company.register("Rita")
    (event,) = company.gathered(monkeypatch, person_ids=[seen, hidden, "nobody"])
    assert names([event]) == ["Loja"]
    assert event["data"]["persons"][0]["address"] is None


def test_who_may_not_read_persons_any_more_gathers_none(monkeypatch: pytest.MonkeyPatch) -> None:
    company = Company("notifications.configure")
    company.register("Rita")
    (event,) = company.gathered(monkeypatch)
    assert (event["data"]["refused"], event["data"]["persons"]) == ("rights_missing", [])


def test_too_many_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MOST_PERSONS", 1)
    company = Company("people.read")
    company.register("Rita")
    company.register("Ivo")
    assert company.gathered(monkeypatch)[-1]["data"]["refused"] == "audience_too_large"


def test_an_opt_out_is_a_withdrawn_consent_once_whether_it_was_given_or_not() -> None:
    company = Company("people.read")
    given, silent = company.register("Rita"), company.register("Ivo")
    company.decide(given)
    for person in (given, silent):
        said = {
            "person_id": person, "purpose": "marketing", "channel": "email", "source": "descadastro em um clique",
            "evidence": "Mala direta m1", "at": NOW + dt.timedelta(days=1),
        }  # fmt: skip
        for _ in range(2):
            company.hear(consents_subscribers.on_notifications_recipient_opted_out, said)
        (kept,) = company.consents(person)
        assert (kept.given, kept.source, kept.evidence) == (False, "descadastro em um clique", "Mala direta m1")
    told = [one for one in company.documents("outbox") if "consent_changed" in one["envelope"]]
    assert len(told) == 3
    company.hear(consents_subscribers.on_notifications_recipient_opted_out, {**said, "person_id": "nobody"})


def test_a_filter_takes_whom_all_of_it_fits() -> None:
    person: Any = SimpleNamespace(categories=["client"], characteristics=["gold"], addresses=[])
    assert Filter().includes(person, {})
    assert Filter(category="client", characteristic="gold").includes(person, {})
    assert not Filter(category="supplier").includes(person, {})
    assert not Filter(city="Betim").includes(person, {})
    assert not Filter(consenting=True).includes(person, {"post": True})


def test_by_the_last_contact_attendance_chooses_among_them(monkeypatch: pytest.MonkeyPatch) -> None:
    company = Company("people.read", "attendance.read")
    company.register("Rita")
    assert company.gathered(monkeypatch, no_contact_since=dt.date(2026, 6, 1)) == []
    (found,) = [json.loads(one["envelope"]) for one in company.documents("outbox")][-1:]
    assert found["name"] == "mailing_candidates_found"
    assert (found["sequence"], found["data"]["last"], names([found])) == (1, True, ["Rita"])
    assert (found["data"]["contact_since"], found["data"]["no_contact_since"]) == (None, "2026-06-01")


@pytest.mark.parametrize(
    ("permissions", "scopes"),
    [
        (["people.read"], {}),
        (["people.read", "attendance.read"], {"attendance_type": ["t1"]}),
        (["people.read", "attendance.read"], {"flow": ["f1"]}),
        (["people.read", "attendance.read"], {"section": ["orders"]}),
    ],
)
def test_who_does_not_see_all_attendances_gathers_nobody_by_them(
    monkeypatch: pytest.MonkeyPatch, permissions: list[str], scopes: dict[str, Any]
) -> None:
    company = Company(*permissions, **scopes)
    company.register("Rita")
    (event,) = company.gathered(monkeypatch, contact_since=dt.date(2026, 6, 1))
    assert (event["data"]["refused"], event["data"]["persons"]) == ("rights_missing", [])
