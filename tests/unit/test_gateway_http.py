"""The gateway's door without a broker: rules, problems, limits, tokens, documents."""

from __future__ import annotations

import base64
import io
import time
from dataclasses import replace
from typing import Any

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.app import create_app
from gateway.bus.rpc import Bus
from gateway.config import from_environment
from gateway.http import access, tokens
from gateway.observability.metrics import Metrics
from services.chassis.access.context import INSTALLATION
from services.chassis.errors import KINDS, Conflict, Failure, Invalid, Unavailable
from tests.support.fakes.gateway import CONFIG, USER, FakeBus, app, bearer, bus, client, edits, made, problem

__all__ = ["app", "bus", "client", "made"]


def test_every_endpoint_has_a_rule(app: Flask) -> None:
    assert access.unruled_endpoints(app) == []


def test_a_route_without_a_rule_is_forbidden() -> None:
    app = create_app(CONFIG)
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert access.unruled_endpoints(app) == ["forgotten"]
    problem(app.test_client().get("/forgotten", headers=bearer()), 403, "route_without_rule")


def test_no_token(client: FlaskClient) -> None:
    answer = client.get("/v1/persons")
    problem(answer, 401, "token_missing")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "key, algorithm, changes, code",
    [
        ("x" * 32, "HS256", {}, "token_invalid"),
        ("j" * 32, "HS512", {}, "token_invalid"),
        ("", "none", {}, "token_invalid"),
        ("j" * 32, "HS256", {"exp": 1}, "token_expired"),
        ("j" * 32, "HS256", {"aud": "other"}, "token_invalid"),
        ("j" * 32, "HS256", {"iss": "other"}, "token_invalid"),
        ("j" * 32, "HS256", {"exp": None}, "token_invalid"),
        ("j" * 32, "HS256", {"company": None}, "token_invalid"),
    ],
)
def test_tokens_that_are_not_ours(
    client: FlaskClient, key: str, algorithm: str, changes: dict[str, Any], code: str
) -> None:
    now = int(time.time())
    claims = {
        "iss": tokens.ISSUER,
        "aud": tokens.AUDIENCE,
        "iat": now,
        "exp": now + 60,
        "sub": "u1",
        "permissions": [],
        "sid": "s1",
    }
    claims = {**claims, "name": "Ana", "login": "a@b.example", "company": "c1", **changes}
    token = jwt.encode({name: value for name, value in claims.items() if value is not None}, key, algorithm=algorithm)
    problem(client.get("/v1/persons", headers={"Authorization": f"Bearer {token}"}), 401, code)


def test_a_viewer_may_not_write(client: FlaskClient, bus: FakeBus) -> None:
    answer = client.post("/v1/persons", json={"name": "Maria"}, headers=bearer(permissions=["people.read"]))
    assert problem(answer, 403, "permission_missing")["params"] == {"permission": "people.write"}
    assert bus.calls == []


def test_context_comes_from_the_token(client: FlaskClient, bus: FakeBus) -> None:
    headers = {**bearer(), "X-Request-Id": "request-0001", "Idempotency-Key": "k1", "X-Company": "c2"}
    answer = client.post("/v1/persons", json={"name": " Maria "}, headers=headers)
    assert answer.status_code == 201
    service, method, data, context = bus.calls[0]
    assert (service, method, data["name"]) == ("people", "register_person", "Maria")
    assert (context.company, context.user, context.request_id) == ("c1", "u1", "request-0001")
    assert context.idempotency_key == "k1"
    assert 0 < context.deadline - time.time() <= 1


def test_a_request_id_that_is_not_sane_is_replaced(client: FlaskClient) -> None:
    assert client.get("/live", headers={"X-Request-Id": 'x" y'}).headers["X-Request-Id"] != 'x" y'


@pytest.mark.parametrize("key", ["", "x" * 201, "á"])
def test_idempotency_key_is_checked(client: FlaskClient, key: str) -> None:
    answer = client.post("/v1/persons", json={"name": "M"}, headers={**bearer(), "Idempotency-Key": key})
    problem(answer, 422, "idempotency_key_invalid")


def test_signing_in_asks_as_the_installation(client: FlaskClient, bus: FakeBus) -> None:
    more = {"company_name": "Padaria", "time_zone": "America/Manaus", "refresh_token": "vr_x"}
    bus.answer = {**USER, **more, "refresh_expires_at": "2031-01-01T00:00:00+00:00"}
    answer = client.post("/v1/session", json={"login": "ana@padaria.example", "password": "segredo"})
    assert answer.status_code == 200
    context = bus.calls[0][3]
    assert (context.company, context.permissions) == (INSTALLATION, ("installation.sign_in",))
    bus.answer = {"items": [], "next_cursor": None}
    token = answer.get_json()["access_token"]
    assert client.get("/v1/persons", headers={"Authorization": f"Bearer {token}"}).status_code == 200


@pytest.mark.parametrize(
    "body, content_type, status, code",
    [
        (b"{", "application/json", 400, "json_malformed"),
        (b"\xff", "application/json", 400, "json_malformed"),
        ('{"name": "M"}'.encode("utf-16-be"), "application/json", 400, "json_malformed"),
        ('{"name": "M"}'.encode("utf-32"), "application/json; charset=utf-32", 400, "json_malformed"),
        (b'{"name": ' + b"[" * 40 + b"]" * 40 + b"}", "application/json", 422, "json_too_deep"),
        (b"[" * 100_000, "application/json", 422, "json_too_deep"),
        (b'{"name": "a\\u0000"}', "application/json", 422, "text_invalid"),
        (b'{"name": "a\\ud800"}', "application/json", 422, "text_invalid"),
        (b'{"a\\u0000": 1}', "application/json", 422, "text_invalid"),
        (b"[]", "application/json", 422, "input_invalid"),
        (b"{}", "application/json", 422, "input_invalid"),
        (b"", "application/json", 422, "body_missing"),
        (b'{"name": "M", "company": "c2"}', "application/json", 422, "input_invalid"),
        (b'{"name": NaN}', "application/json", 400, "json_malformed"),
        (b'{"name": -Infinity}', "application/json", 400, "json_malformed"),
        (b'{"name": 1e999}', "application/json", 422, "json_number_invalid"),
        (b'{"name": 1' + b"0" * 18 + b"}", "application/json", 422, "json_number_invalid"),
        (b'{"name": ' + b"9" * 5_000 + b"}", "application/json", 422, "json_number_invalid"),
        (b'{"name": 0.' + b"1" * 40 + b"}", "application/json", 422, "json_number_invalid"),
        (b'{"name": "M", "name": "N"}', "application/json", 400, "json_key_repeated"),
        (b'{"name": [{"a": 1, "a": 1}]}', "application/json", 400, "json_key_repeated"),
        (b"\xef\xbb\xbf{}", "application/json", 400, "json_malformed"),
        ('{"name": "M"}'.encode("utf-16"), "application/json", 400, "json_malformed"),
        (b'{"name": "\xed\xa0\x80"}', "application/json", 400, "json_malformed"),
        (b"name=M", "application/x-www-form-urlencoded", 415, "media_type_unsupported"),
        (b'{"name": "M"}', "application/vnd.api+json", 415, "media_type_unsupported"),
        (b'"' + b"x" * (1 << 20) + b'"', "application/json", 413, "body_too_large"),
    ],
)
def test_bodies_that_are_refused(client: FlaskClient, body: bytes, content_type: str, status: int, code: str) -> None:
    problem(client.post("/v1/persons", data=body, content_type=content_type, headers=bearer()), status, code)
    problem(client.post("/v1/session", data=body, content_type=content_type), status, code)  # nobody has a token there


@pytest.mark.parametrize(("coding", "status"), [("gzip", 415), (" BR ", 415), ("identity", 422), ("", 422)])
def test_a_compressed_body_is_refused(client: FlaskClient, bus: FakeBus, coding: str, status: int) -> None:
    answer = client.post("/v1/persons", json={}, headers={**bearer(), "Content-Encoding": coding})
    problem(answer, status, "media_type_unsupported" if status == 415 else "input_invalid")
    assert bus.calls == []


@pytest.mark.parametrize(
    "path, size, status, code",
    [
        ("/v1/persons", 10, 400, "json_malformed"),
        ("/v1/persons", 2 << 20, 413, "body_too_large"),
        ("/v1/persons/imports", 10, 411, "length_required"),
    ],
)
def test_bodies_in_chunks_are_never_cut_silently(
    client: FlaskClient, path: str, size: int, status: int, code: str
) -> None:
    chunked = {"wsgi.input_terminated": True, "wsgi.input": io.BytesIO(b"{" + b" " * size)}
    answer = client.post(path, content_type="application/json", headers=bearer(), environ_overrides=chunked)
    problem(answer, status, code)


FORM = {"file": (io.BytesIO(b"%PDF-1.7 x"), "a.pdf")}
PACKED = {"Content-Encoding": "gzip"}


@pytest.mark.parametrize(
    ("media_type", "body", "headers"),
    [
        ("multipart/form-data", FORM, {}),
        *(
            (wrong, b"x=1", {})
            for wrong in ("application/x-www-form-urlencoded", "text/plain; charset=utf-8", "image/png")
        ),
        *(
            (wrong, b"{}", {})
            for wrong in ("application/json", "multipart/mixed; boundary=x", "application/octet-streams")
        ),
        ("application/octet-stream", b"x", PACKED),
        (None, b"x", PACKED),
    ],
)
def test_a_file_that_does_not_come_as_it_is_is_refused_and_nothing_of_it_is_passed_on(
    client: FlaskClient, bus: FakeBus, media_type: str | None, body: Any, headers: dict[str, str]
) -> None:
    path, told = "/v1/attendances/a1/attachments?name=a.pdf", {**bearer(), **headers}
    answer = client.post(path, data=body, content_type=media_type, headers=told)
    found = problem(answer, 415, "media_type_unsupported")
    assert "application/octet-stream" in found["detail"]
    assert bus.calls == []


@pytest.mark.parametrize("media_type", [None, "application/octet-stream", "Application/Octet-Stream; x=y"])
def test_octets_or_no_media_type_at_all_are_a_file(client: FlaskClient, bus: FakeBus, media_type: str | None) -> None:
    bus.answer = {"id": "u1", "limit": 100}
    answer = client.post("/v1/attendances/a1/attachments", data=b"x", content_type=media_type, headers=bearer())
    assert answer.status_code == 201
    assert [call[1] for call in bus.calls] == ["begin_upload", "send_part", "finish_upload"]


def test_fields_are_named(client: FlaskClient) -> None:
    found = problem(client.post("/v1/persons", json={"x": 1}, headers=bearer()), 422, "input_invalid")
    assert set(found["fields"]) == {"name", "x"}
    found = problem(client.get("/v1/persons?limit=0", headers=bearer()), 422, "input_invalid")
    assert set(found["fields"]) == {"limit"}


@pytest.mark.parametrize(
    "body",
    [
        b'{"ids": [' + b"[], " * 250_000 + b"[]]}",
        b'{"ids": [' + b"[[[]]], " * 4_000 + b"[]]}",
        b'{"ids": {' + b", ".join(b'"%d": 1' % number for number in range(10_000)) + b"}}",
        b"[" + b"0, " * 10_000 + b"0]",
    ],
)
def test_a_body_of_too_many_values_is_refused_before_any_schema_sees_it(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    monkeypatch.setattr("marshmallow.Schema.load", None)
    headers = {**bearer(), "Content-Type": "application/json"}
    answer = client.post("/v1/attendances/reports", data=body, headers=headers)
    problem(answer, 422, "json_too_many_values")
    assert len(answer.data) < 1_000


def test_as_many_values_as_a_body_may_have_are_read(client: FlaskClient) -> None:
    body: dict[str, Any] = {"ids": [[]] * 9_997}
    problem(client.post("/v1/attendances/reports", json=body, headers=bearer()), 422, "input_invalid")


def test_the_first_messages_are_told_and_how_many_more_there_are(client: FlaskClient) -> None:
    body: dict[str, Any] = {"ids": [[]] * 5_000, "format": "csv"}
    found = problem(client.post("/v1/attendances/reports", json=body, headers=bearer()), 422, "input_invalid")
    told = str(found["fields"]).count("'Informe um texto.'")
    assert told >= 40
    assert len(str(found)) < 5_000
    assert found["fields_omitted"] >= 4_900


def test_fields_of_names_that_the_caller_made_up_are_cut(client: FlaskClient) -> None:
    body = {f"{number}{'x' * 500}": 1 for number in range(80)}
    found = problem(client.post("/v1/persons", json=body, headers=bearer()), 422, "input_invalid")
    assert (len(found["fields"]), found["fields_omitted"]) == (50, 31)
    assert max(map(len, found["fields"])) == 100


def test_messages_of_a_service_are_bounded_too(client: FlaskClient, bus: FakeBus) -> None:
    messages = {"items": {str(number): {"name": ["Falta.", "Curto."]} for number in range(60)}}
    bus.answer = Invalid("input_invalid", "Há campos inválidos.", fields=messages)
    found = problem(client.get("/v1/persons/p1", headers=bearer()), 422, "input_invalid")
    assert (len(found["fields"]["items"]), found["fields_omitted"]) == (25, 70)
    bus.answer = Invalid("input_invalid", "Há campos inválidos.", fields={"name": ["Falta."]})
    found = problem(client.get("/v1/persons/p1", headers=bearer()), 422, "input_invalid")
    assert (found["fields"], "fields_omitted" in found) == ({"name": ["Falta."]}, False)


@pytest.mark.parametrize("path", ["/v1/persons?q=%00", "/v1/persons?%00=1", "/v1/persons/a%00"])
def test_nul_in_an_address(client: FlaskClient, path: str) -> None:
    problem(client.get(path, headers=bearer()), 422, "text_invalid")


def test_unknown_address_and_method(client: FlaskClient) -> None:
    problem(client.get("/v2"), 404, "route_not_found")
    answer = client.put("/v1/persons", headers=bearer())
    problem(answer, 405, "method_not_allowed")
    assert "POST" in answer.headers["Allow"]


def test_a_path_of_fixed_words_takes_its_own_methods_only(client: FlaskClient, bus: FakeBus) -> None:
    answer = client.delete("/v1/opportunities/archived", headers=edits())  # no opportunity of that id
    problem(answer, 405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert set(client.options("/v1/opportunities/archived", headers=bearer()).allow) == {"GET", "HEAD", "OPTIONS"}
    assert bus.calls == []
    assert client.delete("/v1/opportunities/o1", headers=edits()).status_code == 200


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_failure_has_a_status(client: FlaskClient, bus: FakeBus, kind: str) -> None:
    statuses = {
        "invalid": 422,
        "unauthenticated": 401,
        "forbidden": 403,
        "not_found": 404,
        "conflict": 409,
        "rate": 429,
    }
    bus.answer = KINDS[kind]("a_code", "Um texto.")
    answer = client.get("/v1/persons/p1", headers=bearer())
    status = {**statuses, "rate": 429, "unavailable": 503, "deadline_exceeded": 503, "internal": 500}[kind]
    assert problem(answer, status, "a_code")["detail"] == "Um texto."
    assert answer.headers.get("Retry-After") == ("2" if status in (429, 503) else None)


def test_params_help_the_caller(client: FlaskClient, bus: FakeBus) -> None:
    bus.answer = Conflict("person_exists", "Já existe.", person_code=7)
    answer = client.post("/v1/persons", json={"name": "M"}, headers=bearer())
    assert problem(answer, 409, "person_exists")["params"] == {"person_code": 7}


def test_a_defect_tells_nothing(client: FlaskClient, bus: FakeBus, caplog: pytest.LogCaptureFixture) -> None:
    bus.answer = RuntimeError("Maria, 123.456.789-09")
    answer = client.get("/v1/persons/p1", headers=bearer())
    problem(answer, 500, "internal_error")
    assert "Maria" not in answer.text + caplog.text
    assert "RuntimeError" in caplog.text


def test_logs_hold_no_query(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    client.get("/v1/persons?q=Maria", headers=bearer())
    assert "Maria" not in "".join(str(record.__dict__) for record in caplog.records)


def test_watching_uses_the_own_address(client: FlaskClient, bus: FakeBus) -> None:
    bus.answer = {"items": []}
    assert client.put("/v1/persons/p1/watchers/me", headers=bearer()).status_code == 200
    how = {"mode": "at_once", "own_actions": False}
    assert bus.calls[0][2] == {"person_id": "p1", "email": "ana@padaria.example", **how}


def test_headers(client: FlaskClient) -> None:
    api, docs = client.get("/v1/persons").headers, client.get("/docs/").headers
    assert api["Cache-Control"] == "no-store"
    assert api["X-Content-Type-Options"] == docs["X-Content-Type-Options"] == "nosniff"
    assert "script-src" not in api["Content-Security-Policy"]
    assert "script-src 'self'" in docs["Content-Security-Policy"]


def test_documentation_is_here_whole(client: FlaskClient) -> None:
    page = client.get("/docs/").text
    assert "//" not in page.replace("<!--", "").split("<body>")[0].replace("</", "")
    assert client.get("/docs/swagger-ui-bundle.js").status_code == 200
    document = client.get("/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    for path, operations in document["paths"].items():
        for name, operation in operations.items():
            if name == "parameters":
                continue
            assert {"401", "422", "503"} <= set(operation["responses"]), path
            assert any(status.startswith("2") for status in operation["responses"]), path


def test_health(client: FlaskClient) -> None:
    assert client.get("/live").status_code == 200
    assert client.get("/ready").status_code == 503


def test_metrics_are_at_a_port_of_their_own_and_nothing_else_is(client: FlaskClient) -> None:
    problem(client.get("/metrics"), 404, "route_not_found")
    app = create_app(replace(CONFIG, metrics_port=9100, trusted_proxies=1))
    inside, outside = {"SERVER_PORT": "9100"}, {"SERVER_PORT": "8000"}
    found = app.test_client().get("/metrics", environ_overrides=inside)
    assert "vinculo_gateway_pending_calls" in found.text
    for path in ("/live", "/v1/persons", "/docs/", "/openapi.json", "/v2"):
        problem(app.test_client().get(path, headers=bearer(), environ_overrides=inside), 404, "route_not_found")
    for headers in ({}, {"Host": "x:9100"}, {"X-Forwarded-Host": "x:9100", "X-Forwarded-Port": "9100"}):
        answer = app.test_client().get("/metrics", headers=headers, environ_overrides=outside)
        problem(answer, 404, "route_not_found")


def test_a_route_is_measured_by_few_series(app: Flask) -> None:
    metrics = Metrics(Bus(CONFIG))
    metrics.observe("GET", "/v1/persons", 200, 0.1)
    series = [line for line in metrics.text().decode().splitlines() if "/v1/persons" in line]
    assert len(series) == 7, "four bounds, all, their sum and their count"


def upload(client: FlaskClient, content: bytes) -> Any:
    data = {"file": (io.BytesIO(content), "p.csv")}
    return client.post("/v1/persons/imports", data=data, headers={**bearer(), "Idempotency-Key": "chave"})


def test_an_upload_travels_in_parts_each_a_command_of_its_own(client: FlaskClient, bus: FakeBus) -> None:
    content = b"nome\n" + b"Maria Silva\n" * 50_000
    assert upload(client, content).status_code == 201
    methods = [method for _, method, _, _ in bus.calls]
    assert methods == ["begin_import", *["add_import_part"] * 3, "recognise_import"]
    parts = [base64.b64decode(data["data"]) for _, method, data, _ in bus.calls if method == "add_import_part"]
    assert b"".join(parts) == content
    keys = [str(context.idempotency_key) for *_, context in bus.calls]
    assert len(set(keys)) == 5
    assert all(key.startswith("chave:") for key in keys), "the same upload again is the same import"


@pytest.mark.parametrize("failure", [Unavailable("people_unavailable", "Fora."), Conflict("odd", "Estranho.")])
def test_an_upload_insists_for_a_while(
    client: FlaskClient, bus: FakeBus, monkeypatch: pytest.MonkeyPatch, failure: Failure
) -> None:
    monkeypatch.setattr("gateway.http.uploads.RETRY_SECONDS", 0.2)
    monkeypatch.setattr("gateway.http.uploads.PAUSE_SECONDS", 0.1)
    bus.answer = failure
    problem(upload(client, b"nome\nMaria Silva\n"), 503 if failure.retryable else 409, failure.code)
    assert len(bus.calls) <= 4, "it pauses between attempts"


def test_a_report_is_refused_before_it_begins(client: FlaskClient, bus: FakeBus) -> None:
    bus.answer = Unavailable("people_unavailable", "Fora.")
    problem(client.get("/v1/persons/imports/i/report.csv", headers=bearer()), 503, "people_unavailable")
    problem(client.get("/v1/persons/export.csv", headers=bearer()), 503, "people_unavailable")


def test_configuration_names_all_mistakes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AMQP_URI", "VINCULO_SENDER_KEY", "VINCULO_PUBLIC_KEYS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VINCULO_JWT_KEY", "short")
    with pytest.raises(Exception) as caught:
        from_environment()
    for name in ("AMQP_URI", "VINCULO_SENDER_KEY", "VINCULO_PUBLIC_KEYS", "VINCULO_JWT_KEY"):
        assert name in str(caught.value)


@pytest.mark.parametrize("asked", [None, "en-US", "pt-BR, en;q=0.5"])
def test_texts_are_in_portuguese_and_say_so_whatever_language_is_asked_for(
    client: FlaskClient, asked: str | None
) -> None:
    language = {"Accept-Language": asked} if asked else {}
    for path, headers in (("/v1/persons", {**bearer(), **language}), ("/v1/persons", language), ("/nowhere", language)):
        assert client.get(path, headers=headers).headers["Content-Language"] == "pt-BR"
    assert "Content-Language" not in client.get("/docs/swagger-ui.css").headers
