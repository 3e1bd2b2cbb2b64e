"""G4: every endpoint asked with another company's ids answers 404 and changes nothing; generated from OpenAPI."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.system import SERVICES, Client, System

# Lists of a person are empty for whom the person does not exist; creating something on it is 404.
EMPTY_LISTS = ("attendances", "opportunities", "appointments", "watchers")
COPIES = ("idempotency", "inbox", "outbox")


@pytest.fixture(scope="module")
def anas(ana: Client) -> dict[str, str]:
    """Ids of Ana's company, by path parameter."""
    person = ana.register("Segredo da Padaria")
    path = f"/v1/persons/{person['id']}"
    return {
        "person_id": person["id"],
        "attendance_id": ana.post(f"{path}/attendances", {"title": "Segredo", "text": "só nosso"})["id"],
        "opportunity_id": ana.post(f"{path}/opportunities", {"description": "Segredo"})["id"],
    }


def body_of(document: dict[str, Any], operation: dict[str, Any]) -> Any:
    """A valid body for an operation, by its schema's required fields."""
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    schema = document["components"]["schemas"][content["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]]
    samples = {"state": "SP", "starts_at": "2027-01-04T09:00:00Z", "ends_at": "2027-01-04T10:00:00Z"}
    return {name: samples.get(name, "x") for name in schema.get("required", ())}


def counts(system: System) -> dict[str, int]:
    return {
        f"{service}.{name}": system.mongo(service)[name].count_documents({})
        for service in SERVICES
        for name in system.mongo(service).list_collection_names()
        if name not in COPIES
    }


def test_no_endpoint_shows_or_changes_another_companys_records(
    system: System, bruno: Client, anas: dict[str, str]
) -> None:
    document = bruno.get("/openapi.json")
    before = counts(system)
    asked = 0
    for path, operations in document["paths"].items():
        if "{" not in path:
            continue
        for method, operation in operations.items():
            if method not in ("get", "post", "put", "patch", "delete"):
                continue
            answer = bruno.request(method.upper(), path.format(**anas), json=body_of(document, operation))
            asked += 1
            if method == "get" and path.rsplit("/", 1)[1] in EMPTY_LISTS:
                assert answer.json()["items"] == [], path
            else:
                assert answer.status_code == 404, (method, path, answer.text)
    assert asked >= 15
    assert counts(system) == before


def test_a_search_finds_only_the_own_company(bruno: Client, anas: dict[str, str]) -> None:
    assert bruno.get("/v1/persons", params={"q": "segredo"})["items"] == []
