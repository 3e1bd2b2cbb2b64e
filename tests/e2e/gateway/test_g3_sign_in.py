"""Row G3: signing in gives a token for one company; anything else is refused, and tells nothing of who exists."""

from __future__ import annotations

import jwt
import requests

from tests.support.builders.users import sign_in
from tests.support.problems import refused
from tests.support.stack.system import PASSWORD, System

LOGIN = "ana@padaria.example"


def ask(system: System, authorization: str | None) -> requests.Response:
    headers = {} if authorization is None else {"Authorization": authorization}
    return requests.get(f"{system.url}/v1/persons", headers=headers, timeout=20)


def test_a_token_names_the_user_and_the_company(system: System) -> None:
    answer = sign_in(system, login=LOGIN.upper(), password=PASSWORD).json()
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] > 0
    assert (answer["user"]["login"], answer["company"]["name"]) == (LOGIN, "Padaria Modelo")
    assert ask(system, f"Bearer {answer['access_token']}").status_code == 200
    assert PASSWORD not in jwt.decode(answer["access_token"], options={"verify_signature": False}).values()


def test_a_wrong_password_and_an_unknown_login_look_the_same(system: System) -> None:
    wrong = refused(sign_in(system, login=LOGIN, password="wrong"), 401)
    unknown = refused(sign_in(system, login="nobody@padaria.example", password="wrong"), 401)
    assert {**wrong, "request_id": ""} == {**unknown, "request_id": ""}
