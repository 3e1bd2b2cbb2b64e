"""Row N5: a user's mails go through their own account, with its sign-in; what is the account's own trouble does not
touch the mails of others; a new key at rest keeps the account usable."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.operations.bus import reseal_rows
from services.chassis.access.sealing import Safe
from tests.support.builders import documents, people, users
from tests.support.builders.watching import log_of, watched
from tests.support.fakes.mail_server import MailServer
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

OWN, USAGE = "/v1/mail-account", "/v1/settings/mail-usage"
LIMIT = "VINCULO_COMPANY_MAILS_A_DAY"


@pytest.fixture
def server(ana: Client) -> Iterator[MailServer]:
    running = MailServer()
    yield running
    ana.request("DELETE", OWN)
    running.close()


def notified(ana: Client, word: str) -> dict[str, Any]:
    """A person to whom a copy of an entry goes."""
    address = f"{word.lower()}@cliente.example"
    person = ana.register(f"Cliente {word}", emails=[{"address": address, "main": True}])
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": f"Caso {word}"})
    ana.post(f"/v1/attendances/{opened['id']}/entries", {"text": "Segue.", "notify_customer": True})
    return person


def test_the_customers_copy_comes_from_the_users_own_account(system: System, ana: Client, server: MailServer) -> None:
    ana.put(OWN, server.account())
    word = people.unique_word()
    person = notified(ana, word)
    documents.deliveries(ana, person["id"])
    (mail,) = server.about(word)
    assert mail["From"] == f"Ana da Padaria <{server.user}>"
    assert mail["X-Envelope-From"] == server.user
    assert not [one for one in system.mails() if word in one["subject"]]
    (delivery,) = log_of(ana, person)
    assert delivery["message_id"] == mail["Message-ID"]
    assert delivery["log"][0]["account_id"].startswith("user-")


def test_an_account_that_refuses_is_shown_so_and_delays_nobody_elses_mails(
    system: System, ana: Client, server: MailServer
) -> None:
    ana.put(OWN, server.account())
    right, server.password = server.password, "trocada no provedor"
    word, other = people.unique_word(), people.unique_word()
    person = notified(ana, word)
    wait_for(lambda: [one["state"] for one in log_of(ana, person)] == ["failed"], what="the account is refused")
    (attempt,) = log_of(ana, person)[0]["log"]
    assert (attempt["code"], "535" in attempt["reason"]) == ("account_refused", True)
    wait_for(lambda: ana.get(OWN)["refused"], what="the account says so")
    told = watched(ana, other)
    ana.post(f"/v1/persons/{told['id']}/attendances", {"subject": f"Caso {other}", "text": "Olá"})
    documents.deliveries(ana, told["id"])
    server.password = right
    wait_for(lambda: [one["state"] for one in log_of(ana, person)] == ["sent"], 60, "sent once it is let in again")
    assert len(server.about(word)) == 1
    wait_for(lambda: ana.get(OWN)["refused"] is None, what="the account is well")


def test_a_greylisted_mail_is_deferred_and_a_refused_one_is_dead_until_it_is_tried_by_hand(
    ana: Client, server: MailServer
) -> None:
    ana.put(OWN, server.account())
    server.answer = "451 4.7.1 Greylisted, try again"
    person = notified(ana, people.unique_word())
    wait_for(lambda: [one["state"] for one in log_of(ana, person)] == ["failed"], what="deferred")
    (delivery,) = log_of(ana, person)
    assert (delivery["last_error"], delivery["log"][0]["reason"]) == ("SMTP 451", "4.7.1 Greylisted, try again")
    assert delivery["retry_at"] > delivery["log"][0]["at"]
    server.answer = "550 5.1.1 No such user"
    ana.post(f"/v1/deliveries/{delivery['id']}/retry", {})
    wait_for(lambda: [one["state"] for one in log_of(ana, person)] == ["dead"], what="refused")
    server.answer = None
    ana.post(f"/v1/deliveries/{delivery['id']}/retry", {})
    wait_for(lambda: [one["state"] for one in log_of(ana, person)] == ["sent"], what="sent by hand")
    assert [one["outcome"] for one in log_of(ana, person)[0]["log"]] == ["failed", "failed", "sent"]


def test_secrets_at_rest_go_from_one_key_to_the_next(system: System, ana: Client, server: MailServer) -> None:
    ana.put(OWN, server.account())
    rows = system.mongo("notifications")["accounts"]  # of mail, and other tests' of WhatsApp

    def opened(safe: Safe) -> dict[str, dict[str, Any]]:
        return {row["_id"]: safe.unseal(row["company"], row["sealed"]) for row in rows.find()}

    old, new = system.env["VINCULO_SECRET_KEYS"], secrets.token_hex(32)
    with pytest.MonkeyPatch.context() as environment:
        for name in ("MONGO_URI", "VINCULO_DATABASE_PREFIX"):
            environment.setenv(name, system.env[name])
        before = opened(Safe([old]))
        assert server.password in [secret.get("password") for secret in before.values()]
        assert reseal_rows(Safe([new, old]), "notifications", "accounts") == (len(before), [])
        assert opened(Safe([new])) == before
        assert reseal_rows(Safe([old, new]), "notifications", "accounts") == (len(before), [])
    again = server.account()
    del again["password"]
    assert ana.put(OWN, again)["address"] == server.user


@pytest.fixture
def most(system: System) -> Iterator[int]:
    """How many mails a company may send through the installation's account in a day."""
    process, most = system.processes["notifications"], 5
    _restarted(system, {**process.env, LIMIT: str(most)})
    yield most
    _restarted(system, {name: value for name, value in process.env.items() if name != LIMIT})


def _restarted(system: System, env: dict[str, str]) -> None:
    process = system.processes["notifications"]
    process.stop()
    process.env = env
    process.start()
    system.wait_ready("notifications")


def test_a_company_that_has_used_up_its_day_waits_for_the_next_and_others_go_on(
    system: System, ana: Client, bruno: Client, server: MailServer, most: int
) -> None:
    assert (bruno.get(USAGE)["limit"], bruno.get(USAGE)["used"]) == (most, 0)
    people_told = [notified(bruno, people.unique_word()) for _ in range(most + 1)]

    def states() -> list[str]:
        return sorted(one["state"] for person in people_told for one in log_of(bruno, person))

    wait_for(lambda: states() == ["queued", *["sent"] * most], 60, "all but one")
    (waits,) = [one for person in people_told for one in log_of(bruno, person) if one["state"] == "queued"]
    usage = bruno.get(USAGE)
    assert (usage["used"], waits["last_error"], waits["log"]) == (most, "company_day_spent", [])
    assert usage["renewed_at"] <= waits["retry_at"]
    documents.deliveries(ana, notified(ana, people.unique_word())["id"])
    bruno.put(OWN, server.account())
    word = people.unique_word()
    documents.deliveries(bruno, notified(bruno, word)["id"])
    assert len(server.about(word)) == 1
    bruno.delete(OWN)
    seller = users.as_user(system, users.create(ana, "seller"))
    refused(seller.request("GET", USAGE), 403, "permission_missing")
