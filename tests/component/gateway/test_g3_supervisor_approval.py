"""Row G3: a supervisor approves one action of another user with their own credentials, once, for a short time."""

from __future__ import annotations

import datetime as dt
from typing import Any

import jwt
import pytest
import requests

from tests.support.builders import people, users
from tests.support.builders.approvals import ACTION, approve, create
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System


@pytest.fixture(scope="module")
def seller(system: System, ana: Client) -> Client:
    return users.as_user(system, users.create(ana, "seller"))


@pytest.fixture(scope="module")
def manager(ana: Client) -> dict[str, Any]:
    return users.create(ana, "manager")


@pytest.fixture(scope="module")
def person(ana: Client) -> str:
    return str(ana.register(people.unique_word())["id"])


def test_a_repeated_command_with_its_key_is_answered_again(
    seller: Client, manager: dict[str, Any], person: str
) -> None:
    grant = approve(seller, manager["login"], subject=person).json()["grant"]
    key = people.unique_word()
    first, second = (create(seller, person, grant, key) for _ in range(2))
    assert first.json()["id"] == second.json()["id"]


def test_a_refused_command_leaves_the_grant_unspent(seller: Client, manager: dict[str, Any], person: str) -> None:
    grant = approve(seller, manager["login"], subject=person).json()["grant"]
    refused(create(seller, person, approve(seller, manager["login"], subject=person, body={}).json()["grant"]), 403,
            "grant_for_another_body")  # fmt: skip
    nobody = approve(seller, manager["login"], subject="nobody").json()["grant"]
    for _ in range(2):
        refused(create(seller, "nobody", nobody), 404, "person_not_found")
    refused(create(seller, person, grant, subject="Fogão"), 403, "grant_for_another_body")
    assert create(seller, person, grant).status_code == 201


def test_a_grant_is_for_its_action_and_record(seller: Client, manager: dict[str, Any], person: str) -> None:
    other = approve(seller, manager["login"], action="sales.reopen_opportunity", subject=person).json()["grant"]
    refused(create(seller, person, other), 403, "grant_for_another_action")
    elsewhere = approve(seller, manager["login"], subject="another-record").json()["grant"]
    refused(create(seller, person, elsewhere), 403, "grant_for_another_action")
    nowhere = approve(seller, manager["login"]).json()["grant"]
    refused(create(seller, person, nowhere), 403, "grant_for_another_action")
    field_refused(approve(seller, manager["login"], body="{}"), "body")


def test_a_grant_is_the_users_and_the_companys_own(
    seller: Client, ana: Client, bruno: Client, manager: dict[str, Any], person: str
) -> None:
    grant = approve(seller, manager["login"], subject=person).json()["grant"]
    refused(create(ana, person, grant), 403, "grant_invalid")
    refused(create(bruno, person, grant), 403, "grant_invalid")


def test_an_expired_or_forged_grant_is_refused(
    system: System, seller: Client, manager: dict[str, Any], person: str
) -> None:
    grant = approve(seller, manager["login"], subject=person).json()["grant"]
    claims = jwt.decode(grant, options={"verify_signature": False})
    past = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
    expired = jwt.encode({**claims, "exp": past}, system.env["VINCULO_JWT_KEY"], algorithm="HS256")
    refused(create(seller, person, expired), 403, "grant_expired")
    forged = jwt.encode(claims, "k" * 64, algorithm="HS256")
    for text in (forged, "x", seller.session["access_token"]):
        refused(create(seller, person, text), 403, "grant_invalid")
    # nor is a grant a token
    headers = {"Authorization": f"Bearer {grant}"}
    refused(requests.get(f"{system.url}/v1/persons", headers=headers, timeout=20), 401, "token_invalid")


def test_only_a_supervisor_of_this_company_approves(seller: Client, ana: Client, bruno: Client) -> None:
    plain = users.create(ana, "seller")["login"]
    theirs = users.create(bruno, "manager")["login"]
    for login in (plain, theirs):
        refused(approve(seller, login), 403, "supervisor_required")


def test_wrong_credentials_count_as_a_guess(system: System, seller: Client, ana: Client) -> None:
    login = users.create(ana, "manager")["login"]
    for _ in range(5):
        refused(approve(seller, login, "errada"), 401, "credentials_invalid")
    refused(approve(seller, login), 429, "sign_in_locked")
    refused(users.sign_in(system, login=login, password=users.LONG), 429, "sign_in_locked")
    system.mongo("people")["tries"].delete_many({})


def test_what_nobody_supervises_cannot_be_approved(seller: Client, manager: dict[str, Any]) -> None:
    refused(approve(seller, manager["login"], action="people.merge_persons"), 422, "action_unknown")
    field_refused(approve(seller, manager["login"], action="sales"), "action")


def test_the_company_says_how_long_a_grant_lives(ana: Client, seller: Client, manager: dict[str, Any]) -> None:
    ana.patch("/v1/company", {"settings": {"approval_seconds": 60}})
    assert approve(seller, manager["login"]).json()["expires_in"] == 60
    ana.patch("/v1/company", {"settings": {"approval_seconds": 300}})


def test_who_approved_what_for_whom_is_audited(seller: Client, ana: Client, manager: dict[str, Any]) -> None:
    approve(seller, manager["login"], subject="record-1")
    records = ana.get("/v1/access-audit", params={"about": manager["id"]})["items"]
    record = next(each for each in records if each["action"] == "approved")
    assert record["by"] == {"id": manager["id"], "name": manager["name"]}
    digest = record["details"].pop("digest")
    assert record["details"] == {"action": ACTION, "subject": "record-1", "for": seller.session["user"]["id"]}
    assert len(digest) == 64
