"""Row N10: a customer's answer to an e-mail becomes an entry of the conversation, with its files, once."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.operations.bus import reseal_rows
from services.chassis.access.sealing import Safe
from tests.support.builders import documents, people, users
from tests.support.fakes.imap_server import ImapServer
from tests.support.problems import field_refused, refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

BOX, DEFAULTS = "/v1/settings/mailbox", "/v1/settings/watching"


@pytest.fixture(scope="module")
def server(ana: Client) -> Iterator[ImapServer]:
    """The company's mailbox, which had a mail before it was read for the first time."""
    with contextlib.closing(ImapServer()) as running:
        running.deliver(b"From: velho@cliente.example\nSubject: Antigo\n\nAntes.\n")
        kept = ana.put(BOX, running.mailbox(authserv_id="mx.padaria.example"))
        assert "password" not in kept
        read_again(ana)
        received = ana.get("/v1/inbound-messages")["items"]
        assert not [one for one in received if one["sender"] == "velho@cliente.example"]
        yield running
        ana.request("DELETE", BOX)


def read_again(ana: Client) -> None:
    before = ana.get(BOX)["read_at"]
    wait_for(lambda: ana.get(BOX)["read_at"] != before, what="another look into the mailbox")


class Conversation:
    """An attendance of a customer who was written to."""

    def __init__(self, system: System, ana: Client) -> None:
        self.word = people.unique_word()
        self.ana, self.address = ana, f"{self.word.lower()}@cliente.example"
        self.person = ana.register(self.word, emails=[{"address": self.address, "main": True}])
        path = f"/v1/persons/{self.person['id']}/attendances"
        self.id = ana.post(path, {"subject": f"Caso {self.word}"})["id"]
        ana.post(f"/v1/attendances/{self.id}/entries", {"text": "Segue.", "notify_customer": True})
        documents.deliveries(ana, self.person["id"])
        (self.sent,) = documents.mails(system, self.address)

    def answer(self, text: str, to: str, *headers: str, mail_id: str = "", kind: str = "text/plain") -> bytes:
        lines = (
            f"From: {self.word} <{self.address}>", f"To: {to}", f"Subject: Re: Caso {self.word}",
            f"Message-ID: <{mail_id or people.unique_word()}@cliente.example>", *headers,
            f"Content-Type: {kind}; charset=utf-8", "", text, "",
        )  # fmt: skip
        return "\n".join(lines).encode()

    def entries(self, attendance: str = "") -> list[dict[str, Any]]:
        found = self.ana.get(f"/v1/attendances/{attendance or self.id}/entries")["items"]
        return [one for one in found if one["kind"] == "email_received"]

    def received(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ana.get("/v1/inbound-messages")["items"]
        return [one for one in found if one["sender"] == self.address]

    def filed(self, count: int = 1) -> list[dict[str, Any]]:
        wait_for(lambda: [one["state"] for one in self.received()] == ["filed"] * count, what="filed messages")
        return self.received()


@pytest.fixture
def case(system: System, ana: Client, server: ImapServer) -> Conversation:
    return Conversation(system, ana)


PDF = (
    "--b\nContent-Type: text/plain; charset=utf-8\n\nAceito.\n\nEm ter., Ana escreveu:\n> Segue.\n"
    '--b\nContent-Type: application/pdf; name="ok.pdf"\nContent-Disposition: attachment\n\n%PDF-1.4 ok\n--b--\n'
)


def test_an_answer_becomes_an_entry_with_its_file_once_and_its_user_is_told(
    system: System, ana: Client, server: ImapServer, case: Conversation
) -> None:
    reply_to = case.sent["Reply-To"]
    assert reply_to.startswith("conversa+")
    raw = case.answer(PDF, reply_to, mail_id="um", kind='multipart/mixed; boundary="b"')
    server.deliver(raw)
    (message,) = case.filed()
    (entry,) = case.entries()
    assert (entry["text"], entry["recorded_by"]) == ("Aceito.", {"id": None, "name": case.word})
    assert entry["data"]["quoted"].startswith("Em ter., Ana")
    path = f"/v1/attendances/{case.id}/attachments/{entry['attachments'][0]['id']}"
    assert ana.request("GET", path).content.startswith(b"%PDF-1.4 ok")
    assert (message["attendance_id"], message["verified"]) == (case.id, True)
    told = f"{case.word} escreveu: Caso {case.word}"
    wait_for(lambda: [one for one in system.mails() if one["subject"] == told], what="the alert")
    (alert,) = [one for one in system.mails() if one["subject"] == told]
    assert alert["to"] == ["ana@padaria.example"]
    assert len(documents.mails(system, case.address)) == 1
    # again, and all anew, as after a crash of the provider's
    server.deliver(raw)
    server.uid_validity += 1
    read_again(ana)
    read_again(ana)
    assert len(case.entries()) == len(case.received()) == 1


def test_who_only_looks_like_the_customer_writes_into_no_conversation(
    ana: Client, server: ImapServer, case: Conversation
) -> None:
    forged = case.sent["Reply-To"].replace("+", "+a")
    server.deliver(case.answer("Pague aqui.", forged))
    (message,) = case.filed()
    assert (message["verified"], case.entries()) == (False, [])
    assert message["attendance_id"] != case.id
    certain = f"Authentication-Results: mx.padaria.example; dmarc=pass header.from={case.address.partition('@')[2]}"
    ana.post(f"/v1/attendances/{message['attendance_id']}/close", {})
    server.deliver(case.answer("Sou eu.", "conversa@padaria.example", certain))
    case.filed(2)
    assert [one["text"] for one in case.entries()] == ["Sou eu."]


def test_an_answer_by_reference_to_a_closed_attendance_goes_on_in_another(
    ana: Client, server: ImapServer, case: Conversation
) -> None:
    ana.post(f"/v1/attendances/{case.id}/close", {})
    server.deliver(case.answer("Voltou.", "ana@padaria.example", f"In-Reply-To: {case.sent['Message-ID']}"))
    (message,) = case.filed()
    assert message["attendance_id"] != case.id
    assert [one["text"] for one in case.entries(message["attendance_id"])] == ["Voltou."]
    assert case.entries() == []


def test_an_absence_is_noted_a_bounce_kills_the_delivery_and_neither_is_answered(
    system: System, ana: Client, server: ImapServer, case: Conversation
) -> None:
    mails = len(system.mails())
    away = "Auto-Submitted: auto-replied"
    server.deliver(case.answer("Volto segunda.", "conversa@padaria.example", away))
    server.deliver(bounce_of(case))
    path = {"person_id": case.person["id"], "state": "dead"}
    wait_for(lambda: ana.get("/v1/deliveries", params=path)["items"], what="a dead delivery")
    (dead,) = ana.get("/v1/deliveries", params=path)["items"]
    assert (dead["last_error"], dead["log"][-1]["reason"]) == ("DSN 5.1.1", "550 no such user")
    assert [one["state"] for one in case.received()] == ["noted"]
    assert (case.entries(), len(system.mails())) == ([], mails)


def bounce_of(case: Conversation) -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example\nTo: conversa@padaria.example\nSubject: Undelivered\n"
        f"Message-ID: <{people.unique_word()}@mx.example>\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\n\n'
        "--r\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such user\n\n"
        f"--r\nContent-Type: message/rfc822\n\nMessage-ID: {case.sent['Message-ID']}\n\nx\n--r--\n"
    ).encode()


def test_nothing_is_changed_in_the_mailbox_and_no_words_are_in_the_logs(
    system: System, ana: Client, server: ImapServer, case: Conversation
) -> None:
    server.deliver(case.answer("Palavras secretas.", case.sent["Reply-To"]))
    case.filed()
    read_again(ana)
    written = "".join(path.read_text(errors="replace") for path in system.folder.rglob("*.log") if path.is_file())
    assert "Palavras secretas" not in written
    assert case.address not in written
    words = {command.split(" ")[0].lower() for command in server.commands}
    assert words <= {"capability", "login", "examine", "uid", "noop", "logout"}


def test_the_password_is_sealed_and_a_new_key_keeps_mailbox_and_reply_addresses(
    system: System, ana: Client, server: ImapServer, case: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = str(system.mongo("notifications")["mailboxes"].find_one())
    assert server.password not in kept
    for name in ("MONGO_URI", "VINCULO_DATABASE_PREFIX"):
        monkeypatch.setenv(name, system.env[name])
    assert reseal_rows(Safe([system.env["VINCULO_SECRET_KEYS"]]), "notifications", "mailboxes") == (1, [])
    server.deliver(case.answer("Ainda chega.", case.sent["Reply-To"]))
    case.filed()
    assert [one["text"] for one in case.entries()] == ["Ainda chega."]


@pytest.fixture
def told(ana: Client) -> Iterator[dict[str, Any]]:
    """The user who is the company's default list."""
    user = users.create(ana, "attendant")
    listed = {"default_watcher_ids": [user["id"]]}
    wait_for(lambda: ana.request("PUT", DEFAULTS, json=listed).ok, what="a user whom notifications knows")
    yield user
    ana.put(DEFAULTS, {"default_watcher_ids": []})


def test_the_default_list_is_told_once_that_a_message_waits_and_nothing_of_what_it_says(
    system: System, ana: Client, server: ImapServer, case: Conversation, told: dict[str, Any]
) -> None:
    """The hours that it may wait are over at once, in the database."""
    rows, stranger = system.mongo("notifications")["inbound_messages"], f"fora-{case.address}"
    mail = case.answer("Quanto custa?", "conversa@padaria.example")
    server.deliver(mail.replace(case.address.encode(), stranger.encode()))
    waits = {"sender": stranger, "state": "unassigned"}
    wait_for(lambda: rows.find_one(waits), what="a message that waits")
    began = dt.datetime.now(dt.UTC)
    assert rows.find_one(waits)["next_at"] > began + dt.timedelta(hours=3)
    rows.update_one(waits, {"$set": {"next_at": began}})
    wait_for(lambda: rows.find_one(waits)["next_at"] > began + dt.timedelta(hours=23), what="the next notice")
    notices = [one for one in system.mails() if one["subject"] == "Mensagens de clientes sem destino"]
    wait_for(lambda: documents.mails(system, told["login"]), what="the notice")
    (notice,) = documents.mails(system, told["login"])
    assert "Mensagens de clientes à espera" in notice.get_content()
    assert not [word for word in ("Quanto custa", stranger, case.word) if word in str(notice)]
    assert {address for one in notices for address in one["to"]} <= {told["login"]}
    (found,) = [one for one in ana.get("/v1/inbound-messages")["items"] if one["sender"] == stranger]
    ana.post(f"/v1/inbound-messages/{found['id']}/assign", {"person_id": case.person["id"]})
    assert rows.find_one({"sender": stranger})["next_at"] is None


def test_what_is_refused_of_a_mailbox(system: System, ana: Client, server: ImapServer) -> None:
    own = "/v1/mailbox"
    refused(ana.request("GET", own), 404, "mailbox_not_found")
    refused(ana.request("PUT", own, json=server.mailbox(password="errada")), 422, "mail_sign_in_refused")
    refused(ana.request("PUT", own, json=server.mailbox(host="10.0.0.1")), 422, "mail_host_private")
    refused(ana.request("PUT", own, json=server.mailbox(password=None)), 422, "mail_password_missing")
    field_refused(ana.request("PUT", own, json=server.mailbox(folder="")), "folder")
    refused(ana.request("PUT", own, json=server.mailbox(folder="Outra")), 422, "mail_folder_missing")
    refused(ana.request("DELETE", own), 404, "mailbox_not_found")
    seller = users.as_user(system, users.create(ana, "seller"))
    refused(seller.request("PUT", BOX, json=server.mailbox()), 403, "permission_missing")
