"""Rows N5, N10: mail accounts and mailboxes are set and removed in the version that was seen."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.builders import users
from tests.support.fakes.imap_server import ImapServer
from tests.support.fakes.mail_server import MailServer
from tests.support.problems import refused
from tests.support.stack.system import Client, System

Kept = tuple[str, dict[str, Any]]


@pytest.fixture(scope="module")
def told() -> Iterator[dict[str, Kept]]:
    """By kind, the path after /v1 and what is typed in."""
    with contextlib.closing(MailServer()) as mails, contextlib.closing(ImapServer()) as box:
        yield {"account": ("mail-account", mails.account()), "mailbox": ("mailbox", box.mailbox())}


@pytest.mark.parametrize("of", ["", "settings/"], ids=["own", "company"])
@pytest.mark.parametrize("kind", ["account", "mailbox"])
def test_it_is_set_and_removed_in_the_version_that_was_seen(
    system: System, ana: Client, told: dict[str, Kept], kind: str, of: str
) -> None:
    name, body = told[kind]
    path, admin = f"/v1/{of}{name}", users.as_user(system, users.create(ana, "admin"))

    def asked(verb: str, version: int | None, **sent: Any) -> Any:
        return admin.request(verb, path, headers={"If-Match": None if version is None else f'"{version}"'}, **sent)

    refused(asked("PUT", None, json=body), 428, "precondition_required")
    refused(asked("PUT", 3, json=body), 412, "version_changed")
    assert asked("PUT", 0, json=body).json()["version"] == 1
    refused(asked("PUT", 0, json=body), 412, "version_changed")
    other = ana if of else admin
    assert other.put(path, {**body, "address": "outra@empresa.example"})["version"] == 2
    late = refused(asked("PUT", 1, json=body), 412, "version_changed")
    assert (late["current_version"], late["changed_by"]["id"]) == (2, other.session["user"]["id"])
    assert "address" in late["changed_fields"]
    assert "sealed" not in late["changed_fields"]
    assert admin.request("GET", path).headers["ETag"].startswith('"2')
    refused(asked("DELETE", None), 428, "precondition_required")
    refused(asked("DELETE", 1), 412, "version_changed")
    assert asked("DELETE", 2).ok
    refused(asked("PUT", 2, json=body), 412, "version_changed")
