"""Row G3: signing in gives a token for one company; anything else is refused, and tells nothing of who exists."""

from __future__ import annotations

import datetime as dt

import jwt
import pytest
import requests

from tests.support.builders.users import sign_in
from tests.support.problems import field_refused, refused
from tests.support.stack.system import PASSWORD, Client, System

LOGIN = "ana@padaria.example"


def ask(system: System, authorization: str | None) -> requests.Response:
    headers = {} if authorization is None else {"Authorization": authorization}
    return requests.get(f"{system.url}/v1/persons", headers=headers, timeout=20)


def test_another_company_is_refused(system: System) -> None:
    refused(sign_in(system, login=LOGIN, password=PASSWORD, company="oficina"), 403, "membership_missing")
    refused(sign_in(system, login=LOGIN, password=PASSWORD, company="nowhere"), 403, "membership_missing")


@pytest.mark.parametrize(
    ("body", "field"),
    [({"login": LOGIN}, "password"), ({"login": "ana", "password": "x"}, "login"), ({"password": "x"}, "login")],
)
def test_a_missing_field_is_named(system: System, body: dict[str, str], field: str) -> None:
    field_refused(sign_in(system, **body), field)


def test_a_request_without_a_good_token_is_refused(system: System, ana: Client) -> None:
    claims = jwt.decode(ana.session["access_token"], options={"verify_signature": False})
    key = system.env["VINCULO_JWT_KEY"]
    past = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    forged = {
        "another key": jwt.encode(claims, "k" * 64, algorithm="HS256"),
        "no signature": jwt.encode(claims, "", algorithm="none"),
        "expired": jwt.encode({**claims, "exp": past}, key, algorithm="HS256"),
        "another audience": jwt.encode({**claims, "aud": "elsewhere"}, key, algorithm="HS256"),
        "no company": jwt.encode({k: v for k, v in claims.items() if k != "company"}, key, algorithm="HS256"),
    }
    for name, token in forged.items():
        assert refused(ask(system, f"Bearer {token}"), 401)["code"].startswith("token_"), name
    for header in (None, "", "Bearer", "Bearer x", f"Basic {ana.session['access_token']}"):
        refused(ask(system, header), 401)


def test_a_role_that_only_reads_writes_nothing(system: System) -> None:
    login = "leo@padaria.example"
    system.run(
        "-m", "deploy.operations", "user", "create", "--login", login, "--name", "Leo", "--company", "padaria",
        "--role", "viewer",
    )  # fmt: skip
    viewer = Client(system.url, login)
    assert "items" in viewer.get("/v1/persons")
    refused(viewer.request("POST", "/v1/persons", json={"name": "x"}), 403, "permission_missing")
