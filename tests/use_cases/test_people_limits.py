"""Lists of a person and of a user that are longer than one read: nothing beyond the first page is forgotten."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest

from services.chassis.access.context import INSTALLATION
from services.chassis.errors import Conflict
from services.people.access.administrators import keeping_administrators
from services.people.access.repository import Keys
from services.people.consents import commands as consents_commands
from services.people.consents.model import Decision
from services.people.consents.repository import PURPOSES_LIMIT, Consents
from services.people.imports import commands as imports_commands
from services.people.imports.model.imports import MOST_OPEN
from services.people.keys.model import ApiKey
from services.people.merging.model.merge import Merge
from services.people.merging.repository import Merges
from services.people.persons.duplicates import Duplicates
from services.people.persons.model.duplicates import Likeness
from services.people.session import INDEXES, PeopleSession
from services.people.users import repository as users_repository
from services.people.users.model import Membership, User
from services.people.users.repository import Users
from tests.support.fakes.memory import Memory

NOW = dt.datetime(2031, 3, 5, tzinfo=dt.UTC)
MANY = 1_201


@pytest.fixture
def company() -> Memory:
    return Memory(PeopleSession, INDEXES)


def moment(number: int) -> dt.datetime:
    return NOW + dt.timedelta(seconds=number)


def test_a_refusal_of_emails_is_in_force_however_often_another_channel_was_decided_since(company: Memory) -> None:
    consents: Any = Consents(company.collection("consents"), company.collection("consent_purposes"))  # type: ignore[arg-type]
    channels = [("service", "email", False), *(("marketing", "sms", bool(n % 2)) for n in range(MANY))]
    for number, (purpose, channel, given) in enumerate(channels):
        at = moment(number)
        consents.add(Decision(f"{number:08x}", "p1", purpose, channel, given, "form", "", at, "u1", "Ana"))
    in_force = {(one.purpose, one.channel): one.given for one in consents.in_force("p1")}
    assert in_force == {("marketing", "sms"): False, ("service", "email"): False}


def test_a_company_has_so_many_open_imports_each_of_which_keeps_its_file(company: Memory) -> None:
    begin: Any = imports_commands.begin_import

    def begun() -> Any:
        return company.run(partial(begin.__wrapped__, data={"name": "clientes.csv", "size": 1}))

    first, *_ = [begun() for _ in range(MOST_OPEN)]
    with pytest.raises(Conflict) as refusal:
        begun()
    assert refusal.value.code == "imports_full"
    cancel: Any = imports_commands.cancel_import
    company.run(partial(cancel.__wrapped__, data={"id": first.id}))
    assert begun().state == "uploading"


def test_a_company_is_refused_a_purpose_that_would_not_be_listed(company: Memory) -> None:
    adding: Any = consents_commands.add_consent_purpose
    for number in range(PURPOSES_LIMIT):
        company.run(partial(adding.__wrapped__, data={"code": f"purpose_{number}", "name": "Finalidade"}))
    with pytest.raises(Conflict) as refusal:
        company.run(partial(adding.__wrapped__, data={"code": "one_more", "name": "Mais uma"}))
    assert refusal.value.code == "purpose_limit"


def test_the_oldest_of_a_users_very_many_keys_is_live_until_it_is_revoked(company: Memory) -> None:
    keys: Any = Keys(company.collection("keys"))  # type: ignore[arg-type]
    for number in range(MANY):
        end = NOW + dt.timedelta(days=30)
        key = ApiKey(f"{number:08x}", "integração", "digest", ("people.read",), "u1", moment(number), end)
        key.revoked_at = NOW if number else None
        keys.add(key)
    assert [key.id for key in keys.live_of("u1", moment(MANY))] == ["00000000"]


def test_an_erasure_finds_everybody_who_was_merged_into_the_person(company: Memory) -> None:
    merges: Any = Merges(company.collection("merges"))  # type: ignore[arg-type]
    for number in range(MANY):
        merges.put(Merge(f"{number:08x}", number, "p1", None, None, None, moment(number), "u1", "Ana"))
    assert len(merges.into("p1")) == MANY


def test_the_last_active_administrator_stays_behind_any_number_of_inactive_ones(
    company: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(users_repository, "USERS_PAGE", 2)
    users = Users(company.of(INSTALLATION).collection("users"))  # type: ignore[arg-type]
    for number in range(5):
        active = number in (2, 4)
        users.add(User(f"u{number}", f"{number}@x.example", "Ana", "", {"c1": Membership(["admin"], active=active)}))
    assert [user.id for user in users.with_roles("c1", ["admin", "admin"])] == ["u0", "u1", "u2", "u3", "u4"]

    def deactivate(user_id: str, tx: Any) -> None:
        user = tx.users.get(user_id)
        with keeping_administrators(tx):
            user.memberships["c1"].active = False
            tx.users.save(user)

    company.run(partial(deactivate, "u2"))
    with pytest.raises(Conflict) as refusal:
        company.run(partial(deactivate, "u4"))
    assert refusal.value.code == "administrator_last"


def test_no_pair_of_a_person_outlives_what_made_it_however_many_there_were(company: Memory) -> None:
    duplicates = Duplicates(company.collection("duplicates"))  # type: ignore[arg-type]
    likeness = Likeness(50, ("phone",))
    duplicates.put_all("p1", {f"q{number:03d}": likeness for number in range(120)})
    duplicates.put_all("p1", {"q007": likeness, "r": likeness})
    assert sorted(company.collection("duplicates").kept) == ["p1|q007", "p1|r"]
    duplicates.put_many(["p1"], {"p1|r": Likeness(70, ("email",))})
    assert [(pair["_id"], pair["score"]) for pair in company.documents("duplicates")] == [("p1|r", 70)]
