"""Rows P3, P4, P9: what users, roles, keys, categories and consents refuse, and by which code."""

from __future__ import annotations

import datetime as dt
from typing import Any
from unittest.mock import patch

import pytest

from services.chassis.access.context import INSTALLATION
from services.chassis.errors import Failure
from services.chassis.handling.session import Actor
from services.people.access import commands as access
from services.people.access.model import BUILT_IN
from services.people.access.repository import MOST_ROLES
from services.people.categories import commands as categories
from services.people.categories.repository import LIMIT
from services.people.companies.model import Company
from services.people.companies.repository import Companies
from services.people.consents import commands as consents
from services.people.exports import commands as exports
from services.people.keys import commands as keys
from services.people.keys import model as keys_model
from services.people.lists import commands as lists
from services.people.merging import commands as merging
from services.people.persons import commands as persons
from services.people.persons import queries as persons_queries
from services.people.persons.model.lists import LISTS
from services.people.session import INDEXES, PeopleSession
from services.people.sessions.model.tries import LIMITS, PAIR
from services.people.sessions.proving import Proof, check
from services.people.sessions.repository import Origin
from services.people.users import commands as users
from services.people.users.actors import access_now
from services.people.users.model import Membership, User
from services.people.users.repository import Users
from tests.support.fakes.memory import Memory

ADMINISTRATOR = Actor("u1", "Ana", permissions=BUILT_IN["admin"][1])
NEWCOMER = {"login": "nova@padaria.example", "name": "Nova", "password": "uma senha bem longa", "roles": ["viewer"]}


@pytest.fixture
def company() -> Memory:
    """With its administrator, who asks; her colleague Rui; and a user of another company."""
    memory = Memory(PeopleSession, INDEXES, ADMINISTRATOR)
    house = memory.of(INSTALLATION)
    Companies(house.collection("companies")).put(Company("c1", "padaria", "Padaria"))  # type: ignore[arg-type]
    known = Users(house.collection("users"))  # type: ignore[arg-type]
    known.add(User("u1", "ana@padaria.example", "Ana", "", {"c1": Membership(["admin"])}))
    known.add(User("u2", "rui@padaria.example", "Rui", "", {"c1": Membership(["viewer"])}))
    known.add(User("u3", "lia@outra.example", "Lia", "", {"c2": Membership(["admin"])}))
    return memory


def registered(company: Memory, **fields: Any) -> str:
    return str(company.ask(persons.register_person, name="Rita", categories=["prospect"], **fields)["id"])


# Users.


def test_a_login_is_one_users_in_the_whole_installation(company: Memory) -> None:
    for login in ("rui@padaria.example", "LIA@outra.example"):
        assert company.refusal(users.create_user, **{**NEWCOMER, "login": login}) == "user_exists"


def test_a_user_is_linked_to_an_employee_whom_no_other_user_is(company: Memory) -> None:
    stranger = registered(company)
    assert company.refusal(users.change_user, user_id="u2", person_id=stranger) == "person_not_linkable"
    employee = str(company.ask(persons.register_person, name="Rui", categories=["employee"])["id"])
    company.ask(users.change_user, user_id="u2", person_id=employee)
    company.ask(users.change_user, user_id="u2", person_id=employee)
    assert company.refusal(users.create_user, **NEWCOMER, person_id=employee) == "person_linked"
    assert company.refusal(users.change_user, user_id="u2", person_id="x") == "person_not_found"


def test_a_user_of_another_company_is_not_there(company: Memory) -> None:
    assert company.refusal(users.change_user, user_id="u3", name="Outra") == "user_not_found"
    assert company.refusal(users.reset_password, user_id="u3", password="uma senha bem longa") == "user_not_found"
    assert company.refusal(users.join_company, user_id="u3", roles=["viewer"]) == "user_not_found"
    assert company.refusal(users.join_company, user_id="u2", roles=["viewer"]) == "membership_exists"


def test_nobody_changes_their_own_access_or_gives_away_more_than_they_have(company: Memory) -> None:
    assert company.refusal(users.change_user, user_id="u1", roles=["viewer"]) == "user_is_self"
    assert company.refusal(users.change_user, user_id="u1", active=False) == "user_is_self"
    assert company.refusal(users.reset_password, user_id="u1", password="uma senha bem longa") == "user_is_self"
    company.actor = Actor("u1", "Ana", permissions=BUILT_IN["viewer"][1])
    assert company.refusal(users.change_user, user_id="u2", roles=["admin"]) == "grant_exceeds_own"
    assert company.refusal(users.create_user, **{**NEWCOMER, "roles": ["admin"]}) == "grant_exceeds_own"


def test_a_user_who_left_or_whose_session_ended_does_nothing_that_lasts(company: Memory) -> None:
    def now(tx: Any) -> Any:
        return access_now(tx.access, tx.users, "c1", tx.actor, tx.now)

    with pytest.raises(Failure, match="session_ended"):
        company.read(now)
    company.actor = Actor("key:x", "ERP")
    with pytest.raises(Failure, match="key_revoked"):
        company.read(now)


# Roles and keys.


def role(**fields: Any) -> dict[str, Any]:
    return {"name": "Balcão", "permissions": ["people.read"], **fields}


def test_a_built_in_role_stays_as_it_is(company: Memory) -> None:
    assert company.refusal(access.change_role, role_id="viewer", name="Outro") == "role_built_in"
    assert company.refusal(access.delete_role, role_id="viewer") == "role_built_in"
    assert company.refusal(access.delete_role, role_id="x") == "role_not_found"


def test_roles_are_told_apart_by_their_names(company: Memory) -> None:
    company.ask(access.define_role, **role())
    other = company.ask(access.define_role, **role(name="Caixa")).id
    assert company.refusal(access.define_role, **role(name=" BALCAO")) == "role_exists"
    assert company.refusal(access.define_role, **role(name=BUILT_IN["viewer"][0])) == "role_exists"
    assert company.refusal(access.change_role, role_id=other, name="balcão") == "role_exists"
    assert company.ask(access.change_role, role_id=other, name="CAIXA").name == "CAIXA"
    assert company.refusal(access.define_role, **role(name="X", permissions=["people.fly"])) == "permission_unknown"


def test_a_role_is_deleted_once_nobody_holds_it(company: Memory) -> None:
    made = company.ask(access.define_role, **role()).id
    company.ask(users.change_user, user_id="u2", roles=[made])
    assert company.refusal(access.delete_role, role_id=made) == "role_in_use"
    company.ask(users.change_user, user_id="u2", roles=["viewer"])
    company.ask(access.delete_role, role_id=made)
    assert company.refusal(users.change_user, user_id="u2", roles=[made]) == "role_unknown"


def test_a_company_has_its_number_of_roles(company: Memory) -> None:
    for number in range(MOST_ROLES):
        company.ask(access.define_role, **role(name=f"Papel {number}"))
    assert company.refusal(access.define_role, **role(name="Mais um")) == "role_limit"


def test_a_key_ends_within_a_year_and_is_of_no_more_than_its_maker(company: Memory) -> None:
    def key(days: float, **fields: Any) -> dict[str, Any]:
        ends = dt.datetime(2026, 11, 24, 16, tzinfo=dt.UTC) + dt.timedelta(days)
        return {"name": "ERP", "permissions": ["people.read"], "expires_at": ends.isoformat(), **fields}

    for days in (-1, 367):
        assert company.refusal(keys.create_key, **key(days)) == "expiry_invalid"
    assert company.refusal(keys.create_key, **key(1, permissions=["people.administer"])) == "permission_unknown"
    made = company.ask(keys.create_key, **key(365))
    assert company.ask(keys.revoke_key, key_id=made["id"])["revoked_at"]
    assert company.ask(keys.revoke_key, key_id=made["id"])["revoked_at"], "again changes nothing"
    assert company.refusal(keys.verify_key, key=made["key"]) == "key_revoked"
    assert company.refusal(keys.verify_key, key="vk_c1.00000000." + "x" * 43) == "key_invalid"
    assert company.refusal(keys.revoke_key, key_id="x") == "key_not_found"


def test_a_company_has_its_number_of_keys_of_which_revoked_and_expired_ones_are_none(company: Memory) -> None:
    ends = dt.datetime(2026, 11, 25, 16, tzinfo=dt.UTC).isoformat()
    asked: dict[str, Any] = {"name": "ERP", "permissions": ["people.read"], "expires_at": ends}
    with patch.object(keys_model, "MOST_LIVE", 3):
        first, *_ = [company.ask(keys.create_key, **asked) for _ in range(3)]
        assert company.refusal(keys.create_key, **asked) == "keys_full"
        company.ask(keys.revoke_key, key_id=first["id"])
        company.ask(keys.create_key, **asked)
        assert company.refusal(keys.create_key, **asked) == "keys_full"


# Categories, characteristics and consents.


def test_the_built_in_categories_stay_and_their_names_are_taken(company: Memory) -> None:
    assert company.refusal(categories.create_category, name="CLIENTE EM  POTENCIAL") == "category_exists"
    company.ask(categories.create_category, name="Parceiro")
    assert company.refusal(categories.create_category, name=" parceiro ") == "category_exists"
    assert company.refusal(categories.change_category, id="client", name="X", version=1) == "category_built_in"
    assert company.refusal(categories.remove_category, id="client") == "category_built_in"
    assert company.refusal(categories.remove_category, id="x") == "category_not_found"


def test_what_persons_have_is_deactivated_and_not_removed(company: Memory) -> None:
    category = company.ask(categories.create_category, name="Parceiro")["id"]
    trait = company.ask(categories.create_characteristic, name="Exigente").id
    assert company.refusal(categories.create_characteristic, name="exigente") == "characteristic_exists"
    body = {"name": "Rita", "categories": [category], "characteristics": [trait]}
    company.ask(persons.register_person, **body)
    assert company.refusal(categories.remove_category, id=category) == "category_in_use"
    assert company.refusal(categories.remove_characteristic, id=trait) == "characteristic_in_use"
    company.ask(categories.change_category, id=category, active=False, version=1)
    assert company.refusal(persons.register_person, **body) == "category_unknown"
    company.ask(categories.change_characteristic, id=trait, active=False, version=1)
    assert company.refusal(persons.register_person, **{**body, "categories": ["client"]}) in (
        "characteristic_unknown", "client_incomplete",
    )  # fmt: skip
    assert company.refusal(categories.change_category, id=category, active=True, version=1) == "version_changed"


def test_a_company_has_its_number_of_categories(company: Memory) -> None:
    for number in range(LIMIT):
        company.ask(categories.create_category, name=f"Categoria {number}")
    assert company.refusal(categories.create_category, name="Mais uma") == "category_limit"


def test_a_consent_is_for_a_known_purpose_and_is_taken_back_once(company: Memory) -> None:
    person = registered(company)
    told = {"person_id": person, "purpose": "marketing", "channel": "sms", "source": "formulário"}
    assert company.refusal(consents.decide_consent, **told, given=False) == "consent_missing"
    assert company.refusal(consents.decide_consent, **{**told, "purpose": "x"}, given=True) == "purpose_unknown"
    company.ask(consents.decide_consent, **told, given=True)
    assert company.refusal(consents.decide_consent, **told, given=True) == "consent_unchanged"
    company.ask(consents.decide_consent, **told, given=False)
    assert company.refusal(consents.decide_consent, **told, given=False) == "consent_unchanged"
    assert company.refusal(consents.add_consent_purpose, code="marketing", name="Outra") == "purpose_exists"


# Persons and their merging.


def test_a_list_of_a_person_has_its_length_and_an_address_keeps_its_contacts(company: Memory) -> None:
    person = registered(company, addresses=[{"street": "Rua", "city": "Curitiba", "state": "PR"}])
    (address,) = company.collection("persons").kept[person]["addresses"]
    company.ask(lists.add_contact, person_id=person, name="Rita", address_id=address["id"])
    gone = {"person_id": person, "item_id": address["id"]}
    assert company.refusal(lists.remove_address, **gone) == "address_has_contacts"
    for number in range(LISTS["emails"].limit):
        company.ask(lists.add_email, person_id=person, address=f"a{number}@x.example")
    assert company.refusal(lists.add_email, person_id=person, address="b@x.example") == "emails_full"
    assert company.refusal(lists.add_phone, person_id="x", number="(11) 98765-4321") == "person_not_found"


def test_two_persons_are_merged_as_they_were_seen_and_come_apart_in_their_order(company: Memory) -> None:
    one, two, three = (registered(company) for _ in range(3))
    pair = {"survivor_id": one, "person_id": two, "survivor_version": 1, "person_version": 1}
    assert company.refusal(merging.merge_persons, **{**pair, "person_version": 2}) == "version_changed"
    assert company.refusal(merging.merge_persons, **{**pair, "person_id": one}) == "merge_itself"
    assert company.refusal(merging.unmerge_person, person_id=two) == "person_not_merged"
    survivor = company.ask(merging.merge_persons, **pair)
    again = {**pair, "survivor_version": survivor.version}
    assert company.refusal(merging.merge_persons, **again) == "person_already_merged"
    third = {"survivor_id": three, "person_id": one, "survivor_version": 1, "person_version": survivor.version}
    company.ask(merging.merge_persons, **third)
    assert company.refusal(merging.unmerge_person, person_id=two) == "survivor_merged"
    assert company.ask(persons_queries.get_person, code=2).id == three, (
        "a code leads to whom its person was merged into"
    )
    company.ask(merging.unmerge_person, person_id=one)
    assert company.ask(merging.unmerge_person, person_id=two)["person"].id == two


def test_a_category_has_a_name_and_known_sections(company: Memory) -> None:
    assert company.refusal(categories.create_category, name="...") == "name_missing"
    assert company.refusal(categories.create_category, name="Parceiro", sections=["x"]) in (
        "section_unknown",
        "input_invalid",
    )
    body = {"name": "Rita", "categories": ["prospect"], "characteristics": ["x"]}
    assert company.refusal(persons.register_person, **body) == "characteristic_unknown"
    body = {"name": "Rita", "categories": ["prospect"], "document": "111.111.111-11"}
    assert company.refusal(persons.register_person, **body) == "document_invalid"


def test_a_file_of_everything_is_for_who_may_read_persons(company: Memory) -> None:
    company.actor = Actor("u1", "Ana", permissions=("people.export",))
    assert company.refusal(exports.begin_export) == "permission_missing"


# Signing in.


def test_a_proof_is_of_the_users_password_as_it_is_now(company: Memory) -> None:
    def signed_in(login: str, password_hash: str) -> Any:
        return company.run(lambda tx: check(tx, Proof(Origin(login, "203.0.113.7"), password_hash)))

    house = Users(company.of(INSTALLATION).collection("users"))  # type: ignore[arg-type]
    rui = house.get("u2")
    rui.set_password("hash")
    house.save(rui)
    assert signed_in(rui.login, "hash").id == "u2"
    for login, password_hash in ((rui.login, "old"), ("nobody@x.example", "hash")):
        with pytest.raises(Failure, match="credentials_invalid"):
            signed_in(login, password_hash)


def test_after_many_wrong_passwords_the_right_one_waits_too(company: Memory) -> None:
    origin = Origin("rui@padaria.example", "203.0.113.7")
    for _ in range(LIMITS[PAIR].free + 1):
        company.run(lambda tx: [*tx.tries.fail(origin, tx.now)])
    with pytest.raises(Failure, match="sign_in_locked"):
        company.run(lambda tx: check(tx, Proof(origin, "")))
