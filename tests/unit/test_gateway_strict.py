"""Nothing that a request says is passed over: names of its query, values of yes and no, a body that is not there."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.fakes.gateway import FakeBus, app, bearer, bus, client, edits, made, problem

__all__ = ["app", "bus", "client", "made"]


@pytest.mark.parametrize(
    ("path", "name", "said"),
    [
        ("/v1/persons?limt=5", "limt", "O parâmetro “limt” não existe; você quis dizer “limit”?"),
        ("/v1/persons?Q=ana", "Q", "O parâmetro “Q” não existe; você quis dizer “q”?"),
        ("/v1/persons/p1?x=1", "x", "O parâmetro “x” não existe; este endereço não aceita nenhum."),
        ("/v1/keys?xyzzy=1", "xyzzy", "O parâmetro “xyzzy” não existe; este endereço aceita: "),
    ],
)
def test_a_parameter_that_no_schema_knows_is_refused_with_the_nearest_name(
    client: FlaskClient, bus: FakeBus, path: str, name: str, said: str
) -> None:
    found = problem(client.get(path, headers=bearer()), 422, "parameter_unknown")
    assert found["detail"].startswith(said)
    assert found["fields"][name] == [found["detail"]]
    assert bus.calls == []


def test_a_parameter_is_sent_once(client: FlaskClient, bus: FakeBus) -> None:
    problem(client.get("/v1/persons?limit=5&limit=6", headers=bearer()), 422, "parameter_repeated")
    assert bus.calls == []


def test_who_may_not_enter_learns_no_names(client: FlaskClient) -> None:
    problem(client.get("/v1/persons?limt=5"), 401, "token_missing")


def test_every_route_refuses_a_parameter_that_it_does_not_know(app: Flask, client: FlaskClient, bus: FakeBus) -> None:
    asked = 0
    for rule in app.url_map.iter_rules():
        verbs = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if not rule.rule.startswith("/v1/"):
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", "1", rule.rule)
        for verb in verbs:
            answer = client.open(f"{path}?no_such_name=1", method=verb, headers=bearer())
            assert problem(answer, 422, "parameter_unknown"), f"{verb} {path}"
            asked += 1
    assert asked > 280
    assert bus.calls == []


@pytest.mark.parametrize("value", ["1", "0", "True", "FALSE", "yes", "sim", "", "on"])
def test_yes_and_no_in_a_query_are_true_and_false_alone(client: FlaskClient, bus: FakeBus, value: str) -> None:
    answer = client.get(f"/v1/actions?undated={value}", headers=bearer())
    assert problem(answer, 422, "input_invalid")["fields"] == {"undated": ["Informe true ou false."]}
    assert bus.calls == []


@pytest.mark.parametrize("value", [1, 0, "true", "yes", "sim", [], {}])
def test_yes_and_no_in_a_body_are_those_of_json(client: FlaskClient, value: Any) -> None:
    answer = client.patch("/v1/categories/c1", json={"active": value}, headers=edits())
    assert problem(answer, 422, "input_invalid")["fields"] == {"active": ["Informe true ou false."]}


@pytest.mark.parametrize("body", [b"", b"null"])
def test_a_body_that_is_needed_is_asked_for(client: FlaskClient, bus: FakeBus, body: bytes) -> None:
    answer = client.post("/v1/persons", data=body, content_type="application/json", headers=bearer())
    assert problem(answer, 422, "body_missing")["detail"] == "Envie o corpo da requisição, em JSON."
    assert bus.calls == []


def test_a_body_of_which_nothing_is_needed_may_be_left_out(client: FlaskClient, bus: FakeBus) -> None:
    assert client.post("/v1/persons/p1/inactivate", headers=bearer()).status_code in (200, 422)
    assert client.patch("/v1/persons/p1", headers=edits()).status_code == 200


def test_data_that_nobody_reads_is_refused(client: FlaskClient, bus: FakeBus) -> None:
    path = "/v1/persons/p1/reactivate"
    problem(client.post(path, json={"reason": "x"}, headers=bearer()), 422, "body_unexpected")
    problem(client.delete("/v1/keys/k1", json=[1], headers=bearer()), 422, "body_unexpected")
    assert bus.calls == []
    for nothing in (b"", b"{}", b"null"):
        answer = client.post(path, data=nothing, content_type="application/json", headers=bearer())
        assert answer.status_code == 200, nothing
