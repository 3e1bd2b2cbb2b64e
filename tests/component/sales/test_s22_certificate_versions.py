"""Row S22: the fiscal certificate is sent and removed in the version that was seen."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import fiscal, people, sales, users
from tests.support.problems import refused
from tests.support.stack.in_process import InProcessSystem
from tests.support.stack.system import Client

PATH = "/v1/settings/fiscal-certificate"


@pytest.fixture
def issuer(system: InProcessSystem) -> Client:
    """Its settings have a version of their own, which is not the certificate's."""
    client = sales.newcomer(system)
    fiscal.issuer(client, people.cnpj())
    assert client.patch("/v1/settings/fiscal", {"trade_name": "Padaria"})["version"] == 2
    return client


def asked(client: Client, verb: str, version: int | None, **sent: Any) -> Any:
    return client.request(verb, PATH, headers={"If-Match": None if version is None else f'"{version}"'}, **sent)


def file_of(client: Client) -> dict[str, str]:
    return fiscal.file_of(client.get("/v1/settings/fiscal")["cnpj"])


def test_it_is_sent_and_removed_in_the_version_that_was_seen(system: InProcessSystem, issuer: Client) -> None:
    body = file_of(issuer)
    assert issuer.get(PATH) == {"present": False, "version": 0}
    refused(asked(issuer, "PUT", None, json=body), 428, "precondition_required")
    refused(asked(issuer, "PUT", 2, json=body), 412, "version_changed")
    assert asked(issuer, "PUT", 0, json=body).json()["version"] == 1
    refused(asked(issuer, "PUT", 0, json=body), 412, "version_changed")
    other = users.as_user(system, users.create(issuer, "admin"))
    assert other.put(PATH, body)["version"] == 2
    late = refused(asked(issuer, "PUT", 1, json=body), 412, "version_changed")
    assert (late["current_version"], late["changed_by"]["id"]) == (2, other.session["user"]["id"])
    assert "changed_fields" not in late
    assert issuer.request("GET", PATH).headers["ETag"].startswith('"2')
    refused(asked(issuer, "DELETE", None), 428, "precondition_required")
    refused(asked(issuer, "DELETE", 1), 412, "version_changed")
    assert asked(issuer, "DELETE", 2).json() == {"present": False, "version": 0}
    refused(asked(issuer, "DELETE", 2), 412, "version_changed")
    assert asked(issuer, "DELETE", 0).ok


def test_one_that_was_stored_before_certificates_had_versions_is_in_version_1(
    system: InProcessSystem, issuer: Client
) -> None:
    body, rows = file_of(issuer), system.mongo("sales")["fiscal_settings"]
    issuer.put(PATH, body)
    where = {"_id": f"{issuer.session['company']['id']}:certificate"}
    for verb, done in (("PUT", 2), ("DELETE", 0)):
        assert rows.update_one(where, {"$unset": {"version": 1, "_change": 1}}).matched_count == 1
        assert issuer.get(PATH)["version"] == 1
        sent = {"json": body} if verb == "PUT" else {}
        refused(asked(issuer, verb, 2, **sent), 412, "version_changed")
        assert asked(issuer, verb, 1, **sent).json()["version"] == done
