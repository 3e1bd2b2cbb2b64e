"""Row N5: mail accounts of a user and of the company, tried at their server before they are kept, and never shown."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from services.notifications.accounts.repository import take_of_day
from tests.support.builders import users
from tests.support.fakes.mail_server import MailServer
from tests.support.problems import field_refused, refused
from tests.support.stack.in_process import InProcessSystem
from tests.support.stack.ports import free_port
from tests.support.stack.system import Client

OWN, COMPANY = "/v1/mail-account", "/v1/settings/mail-account"


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    running = MailServer()
    yield running
    running.close()


@pytest.fixture(autouse=True)
def without_accounts(ana: Client) -> Iterator[None]:
    yield
    for path in (OWN, COMPANY):
        ana.request("DELETE", path)


def test_an_account_is_signed_in_before_it_is_kept_and_its_password_is_nowhere_to_be_read(
    system: InProcessSystem, ana: Client, server: MailServer
) -> None:
    before = len(server.signed_in)
    kept = ana.put(OWN, server.account())
    assert len(server.signed_in) == before + 1
    assert (kept["owner"], kept["address"], kept["refused"]) == ("user", server.user, None)
    assert ana.get(OWN) == kept
    rows = list(system.mongo("notifications")["accounts"].find())
    assert rows
    assert server.password not in json.dumps([kept, rows], default=str)


def test_a_mail_goes_through_the_users_account_else_the_companys_else_the_installations(
    ana: Client, server: MailServer
) -> None:
    def sender() -> tuple[str, str]:
        found = ana.get("/v1/mail-sender")
        return found["owner"], found["address"]

    assert sender() == ("installation", "vinculo@empresa.example")
    ana.put(COMPANY, server.account(address="contato@empresa.example"))
    assert sender() == ("company", "contato@empresa.example")
    ana.put(OWN, server.account())
    assert sender() == ("user", server.user)
    gone = ana.request("DELETE", OWN).json()
    assert gone["sender"]["owner"] == "company"
    assert ana.request("DELETE", COMPANY).json()["sender"]["owner"] == "installation"
    refused(ana.request("DELETE", OWN), 404, "mail_account_not_found")
    refused(ana.request("GET", OWN), 404, "mail_account_not_found")


def test_a_password_is_not_asked_again_for_the_same_door_and_goes_through_no_other(
    ana: Client, server: MailServer
) -> None:
    """Who may configure the account must not be able to have the password sent to a server of their own."""
    ana.put(COMPANY, server.account())
    again = server.account(name="Padaria Modelo")
    del again["password"]
    assert ana.put(COMPANY, again)["name"] == "Padaria Modelo"
    thief = MailServer()
    try:
        for change in ({"port": thief.port}, {"host": "localhost"}, {"username": "outro"}, {"security": "starttls"}):
            answer = ana.request("PUT", COMPANY, json={**again, **change})
            assert refused(answer, 422, "mail_password_missing")["fields"].keys() == {"password"}
        assert thief.signed_in == []
    finally:
        thief.close()


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"password": "errada"}, "mail_sign_in_refused"),
    ({"host": "10.0.0.1"}, "mail_host_private"),
    ({"host": "169.254.169.254"}, "mail_host_private"),
    ({"host": "fd00::1", "security": "tls"}, "mail_host_private"),
    ({"host": "0xA.1", "security": "tls"}, "mail_host_private"),
    ({"host": "nao-existe.invalid", "security": "tls"}, "mail_host_unknown"),
    ({"host": "8.8.8.8"}, "mail_password_in_clear"),
    ({"security": "starttls"}, "mail_server_unreached"),
    ({"security": "tls"}, "mail_server_unreached"),
]


@pytest.mark.parametrize(("change", "code"), REFUSED)
def test_an_account_that_does_not_let_us_in_is_refused_with_the_reason_and_not_kept(
    ana: Client, server: MailServer, change: dict[str, Any], code: str
) -> None:
    problem = refused(ana.request("PUT", OWN, json=server.account(**change)), 422, code)
    assert problem["fields"]
    assert server.password not in json.dumps(problem)
    refused(ana.request("GET", OWN), 404)


def test_a_server_that_is_down_is_named_as_such(ana: Client, server: MailServer) -> None:
    refused(ana.request("PUT", OWN, json=server.account(port=free_port())), 422, "mail_server_unreached")


def test_wrong_fields_are_named(ana: Client, server: MailServer) -> None:
    for name, wrong in (("address", "ana"), ("host", "a b"), ("port", 0), ("security", "ssl"), ("per_minute", 0)):
        field_refused(ana.request("PUT", OWN, json=server.account(**{name: wrong})), name)
    field_refused(ana.request("PUT", OWN, json=server.account(username="")), "username")


def test_the_companys_account_needs_the_right_to_configure_and_nobody_reads_another_companys(
    system: InProcessSystem, ana: Client, bruno: Client, server: MailServer
) -> None:
    seller = users.as_user(system, users.create(ana, "seller"))
    for method, body in (("GET", None), ("PUT", server.account()), ("DELETE", None)):
        refused(seller.request(method, COMPANY, json=body), 403, "permission_missing")
    ana.put(COMPANY, server.account())
    assert seller.get("/v1/mail-sender")["owner"] == "company"
    refused(bruno.request("GET", COMPANY), 404, "mail_account_not_found")
    assert bruno.get("/v1/mail-sender")["owner"] == "installation"


def test_who_configures_sees_what_is_left_of_the_days_mails_through_the_installations_account(
    system: InProcessSystem, ana: Client, bruno: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "/v1/settings/mail-usage"
    unlimited = ana.get(path)
    assert (unlimited["limit"], unlimited["used"]) == (None, None)
    monkeypatch.setenv("VINCULO_COMPANY_MAILS_A_DAY", "13")
    today = dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    database: Any = SimpleNamespace(collection=lambda name: system.mongo("notifications")[name])
    company = ana.get("/v1/company")["id"]
    assert [take_of_day(database, company, today, 13) for _ in range(3)] == [5, 5, 0]
    used = ana.get(path)
    assert (used["limit"], used["used"]) == (13, 10)
    assert dt.datetime.fromisoformat(used["renewed_at"]) == today + dt.timedelta(days=1)
    assert bruno.get(path)["used"] == 0
    seller = users.as_user(system, users.create(ana, "seller"))
    refused(seller.request("GET", path), 403, "permission_missing")
