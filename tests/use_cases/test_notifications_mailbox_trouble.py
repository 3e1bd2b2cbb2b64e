"""Row N10: a mail that its server does not give, and mails that share a Message-ID, are lost to nobody."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from services.chassis.dumping import dump_of
from services.chassis.errors import Conflict
from services.notifications.mailboxes import contract, jobs
from services.notifications.mailboxes.incoming import take_mail
from services.notifications.mailboxes.jobs import make_reader
from services.notifications.mailboxes.parsing.mail import mail_of
from services.notifications.mailboxes.reading import Fetched, Look, NotFetched
from services.notifications.mailboxes.troubles import sentence_of
from tests.support.builders.inbound_in_memory import OF_KNOWN_SENDER, receive_message
from tests.support.builders.mailboxes_in_memory import REPLY_KEY, mailbox
from tests.support.builders.notifications_in_memory import InMemoryNotifications

RAW = b"From: rita@c.example\r\nSubject: Oi\r\nMessage-ID: <1@c.example>\r\n\r\nOi"


class Read(InMemoryNotifications):
    """One look into the company's mailbox, and what became of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, found: Look | Exception, stuck: int = 0) -> None:
        super().__init__()
        self.kept: dict[str, Any] = {}
        self.asked: list[Any] = []

        def look(*arguments: Any) -> Look:
            self.asked = [*arguments]
            if isinstance(found, Exception):
                raise found
            return found

        work = SimpleNamespace(put_off=lambda until, **fields: self.kept.update(fields))
        monkeypatch.setattr(jobs, "look", look)
        monkeypatch.setattr(jobs, "mailbox_of", lambda row: mailbox(stuck=stuck))
        monkeypatch.setattr(jobs, "secrets_of", lambda company, box: {"password": "x"})
        monkeypatch.setattr(jobs, "reply_key", lambda company, box: REPLY_KEY)
        monkeypatch.setattr(jobs, "Work", lambda *_: work)
        runtime: Any = SimpleNamespace(
            database=None, transact=lambda company, actor, cause, seconds, work: self.run(work, repeats=True)
        )
        make_reader(runtime).handle({"_id": "c1:company", "company": self.company, "version": 1})

    def messages(self) -> list[tuple[str, list[str]]]:
        return [(one["text"], one["left_out"]) for one in self.documents("inbound_messages")]


def test_a_mail_that_is_not_fetched_is_counted_and_another_trouble_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    stuck = Read(monkeypatch, NotFetched(), stuck=2)
    assert (stuck.asked[-1], stuck.kept["stuck"], stuck.kept["failures"]) == (2, 3, 1)
    assert "stuck" not in Read(monkeypatch, OSError(), stuck=2).kept
    assert Read(monkeypatch, Look(1, 9), stuck=2).kept["stuck"] == 0


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (NotFetched(), "mail_not_given"),
        (ConnectionRefusedError(), "server_unreached"),
        (Conflict("secret_unstorable", "x"), "secret_unstorable"),
    ],
)
def test_what_keeps_it_from_being_read_is_shown_with_its_moment(
    monkeypatch: pytest.MonkeyPatch, found: Exception, code: str
) -> None:
    kept = Read(monkeypatch, found).kept
    shown = dump_of(contract.Mailbox)(mailbox(**kept))["last_trouble"]
    assert (shown["code"], shown["detail"]) == (code, sentence_of(code))
    assert shown["at"] == kept["trouble_at"].isoformat()


def test_a_mailbox_that_was_always_read_had_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    assert dump_of(contract.Mailbox)(mailbox())["last_trouble"] is None
    # one that is over is still told of; `failures` says that it is over
    assert not {"trouble", "trouble_at"} & Read(monkeypatch, Look(1, 9)).kept.keys()


def test_one_that_is_passed_over_waits_for_a_user_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Read(monkeypatch, Look(1, 9, (Fetched(9, None, 0), Fetched(9, None, 0), Fetched(10, b"", 0))))
    ((text, _),) = made.messages()
    assert "que o servidor dela não entrega" in text
    assert [one["state"] for one in made.documents("inbound_messages")] == ["unassigned"]


def test_of_one_whose_headers_alone_came_the_rest_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Read(monkeypatch, Look(1, 9, (Fetched(9, RAW.partition(b"Oi\r\n")[0], 4 << 20, whole=False),)))
    ((_, left_out),) = made.messages()
    assert left_out == ["mensagem de 4 MB"]


def test_two_mails_of_one_message_id_are_two_messages_and_copies_of_each_are_none() -> None:
    made = InMemoryNotifications()
    told = made.session().now - dt.timedelta(hours=2)
    first = replace(OF_KNOWN_SENDER, received_at=told, dated=True)
    second = replace(first, received_at=told + dt.timedelta(seconds=1), text="Outro assunto.")
    through_list = replace(first, sender="lista@c.example", subject="[lista] Oi")
    taken = [receive_message(made, one) for one in (first, second, first, second, through_list)]
    assert [one is not None for one in taken] == [True, True, False, False, False]
    assert len({one.id for one in taken[:2]}) == 2


UNDATED = b"From: rita@c.example\r\nTo: conversa@padaria.example\r\nMessage-ID: <1@c.example>\r\n\r\nOi"
LATE = UNDATED.replace(b"\r\n\r\n", b"\r\nDate: Tue, 01 Mar 2033 10:00:00 -0300\r\n\r\n")


@pytest.mark.parametrize("raw", [UNDATED, LATE])
def test_one_that_does_not_say_when_it_was_written_is_the_same_whenever_it_is_read(raw: bytes) -> None:
    made = InMemoryNotifications()
    for number in range(3):
        at = made.session().now - dt.timedelta(milliseconds=9) + dt.timedelta(hours=number)
        mail = mail_of(raw, at)
        message = made.run(partial(take_mail, mailbox=mailbox(), key=REPLY_KEY, mail=mail))
        assert (message is None) == (number > 0)
