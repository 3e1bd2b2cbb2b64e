"""Row G2: so many requests a minute of a company, and of each of its API keys; the others are not slowed down."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.app import create_app
from gateway.http.rates import CallerRates
from tests.support.fakes.gateway import CONFIG, FakeBus, bearer, problem

PATH = "/v1/persons"


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app(replace(CONFIG, company_rate=5, key_rate=2))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    vinculo = app.extensions["vinculo"]
    object.__setattr__(vinculo, "rates", CallerRates(vinculo.config.company_rate, vinculo.config.key_rate))
    object.__setattr__(vinculo, "bus", Keys())
    return app.test_client()


class Keys(FakeBus):
    """People says of each key that it is company k1's."""

    def call_secretly(self, service: str, method: str, data: dict[str, Any], context: Any) -> Any:
        name = data["key"].removeprefix("vk_")
        return {"id": name, "name": name, "company": "k1", "permissions": ["people.read"], "scopes": {}}


def _statuses(client: FlaskClient, times: int, headers: dict[str, str]) -> list[int]:
    return [client.get(PATH, headers=headers).status_code for _ in range(times)]


def _key(name: str) -> dict[str, str]:
    return {"X-Api-Key": f"vk_{name}"}


def test_a_companys_users_together_have_one_rate_and_another_company_its_own(client: FlaskClient) -> None:
    assert _statuses(client, 3, bearer(company="c1", user_id="u1")) == [200] * 3
    assert _statuses(client, 3, bearer(company="c1", user_id="u2")) == [200, 200, 429]
    assert _statuses(client, 5, bearer(company="c2")) == [200] * 5


def test_what_is_put_off_says_for_how_long(client: FlaskClient) -> None:
    _statuses(client, 5, bearer())
    answer = client.get(PATH, headers=bearer())
    problem(answer, 429, "too_many_requests")
    assert 1 <= int(answer.headers["Retry-After"]) <= 12


def test_a_key_has_a_rate_of_its_own_within_its_companys(client: FlaskClient) -> None:
    assert _statuses(client, 3, _key("um")) == [200, 200, 429]
    assert _statuses(client, 3, _key("dois")) == [200, 200, 429]
    assert _statuses(client, 2, bearer(company="k1")) == [200, 429]


def test_who_may_not_call_is_told_so_and_counts_for_nobody(client: FlaskClient) -> None:
    assert _statuses(client, 20, {}) == [401] * 20
    assert _statuses(client, 5, bearer()) == [200] * 5


def test_without_a_rate_nothing_is_counted(client: FlaskClient, app: Flask) -> None:
    object.__setattr__(app.extensions["vinculo"], "rates", CallerRates(0, 0))
    assert set(_statuses(client, 50, bearer()) + _statuses(client, 50, _key("um"))) == {200}
