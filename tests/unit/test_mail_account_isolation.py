"""Mails of one account do not hold up those of others: it has its own connections, rests after trouble, and keeps its
rate."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import eventlet
import pytest

from services.chassis.access.sealing import Safe
from services.notifications.accounts.model import Account
from services.notifications.deliveries import posting
from services.notifications.deliveries.model import Delivery, Failure
from services.notifications.deliveries.posting import AT_ONCE, PostOffice
from services.notifications.mail.transport import Failed
from tests.support.builders.delivery_records import watcher_mail

NOW = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
KEY = "k" * 32


class Fake:
    """Sends, or fails as it is told; `gate` is awaited within each sending."""

    longest = 1.0

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.failure: Failure | None = None
        self.gate: Any = None

    def send(self, delivery: Delivery, enclosure: Any) -> str:
        if self.gate is not None:
            self.gate.wait()
        if self.failure is not None:
            raise Failed(self.failure)
        self.sent.append(delivery.id)
        return "SMTP 250"


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Any:
    """With the notes about sign-ins, and as much allowance as `per_minute` says, counted in memory."""
    monkeypatch.setenv("VINCULO_SECRET_KEYS", KEY)
    taken: dict[str, int] = {}
    notes: list[tuple[str, str | None]] = []

    def allowance(database: Any, company: str, account: Account, minute: Any, left: int) -> int:
        key = f"{company}:{account.id}"
        amount = min(2, account.per_minute - left - taken.get(key, 0))
        taken[key] = taken.get(key, 0) + amount
        return amount

    monkeypatch.setattr(posting, "take_allowance", allowance)
    monkeypatch.setattr(posting, "note_sign_in", lambda _, company, account, said, at: notes.append((account.id, said)))
    used: dict[str, Fake] = {}
    office = PostOffice(
        SimpleNamespace(database=None),  # type: ignore[arg-type]
        Fake(),
        lambda company, account: used.setdefault(account.sender, Fake()),  # type: ignore[union-attr]
    )
    return SimpleNamespace(office=office, used=used, notes=notes)


def account(name: str = "ana", company: str = "c1", **fields: Any) -> Account:
    sealed = Safe([KEY]).seal(company, {"password": "x"})
    given = {"per_minute": 100, "checked_at": NOW, "version": 1, **fields}
    return Account(
        f"user-{name}", "user", name, name, f"{name}@x.example", "", "mail.example", 465, "tls", name, sealed, **given
    )  # fmt: skip


def send(office: Any, of: Account | None, number: int = 0, company: str = "c1") -> Delivery:
    delivery = watcher_mail(f"e{number}")
    office.office.send(company, of, delivery, None)
    return delivery


def test_a_mail_without_an_account_goes_through_the_installations(office: Any) -> None:
    delivery = send(office, None)
    assert (delivery.status, delivery.account_id) == ("sent", "installation")


def test_one_account_keeps_only_some_of_the_senders_busy(office: Any) -> None:
    ana, bia = account("ana"), account("bia")
    send(office, ana, 99)
    gate = office.used["ana@x.example"].gate = eventlet.event.Event()
    waiting = [eventlet.spawn(send, office, ana, number) for number in range(AT_ONCE)]
    eventlet.sleep(0)
    held = send(office, ana, 50)
    assert (held.status, held.last_error, held.attempts) == ("queued", "account_busy", 0)
    assert held.next_at == held.retry_at
    assert send(office, bia, 51).status == "sent"
    gate.send(None)
    assert [one.wait().status for one in waiting] == ["sent"] * AT_ONCE


def test_an_account_that_is_down_rests_and_its_mails_wait_without_an_attempt(office: Any) -> None:
    ana = account()
    send(office, ana)
    office.used["ana@x.example"].failure = Failure("ConnectionRefusedError")
    with pytest.raises(Failed):
        send(office, ana, 1)
    held = send(office, ana, 2)
    assert (held.last_error, held.attempts) == ("account_resting", 0)
    assert send(office, account("bia"), 3).status == "sent"


@pytest.mark.parametrize("failure", [Failure("SMTP 550", permanent=True), Failure("SMTP 451", deferred=True)])
def test_a_mail_that_the_server_will_not_take_rests_nobody(office: Any, failure: Failure) -> None:
    ana = account()
    send(office, ana)
    fake = office.used["ana@x.example"]
    fake.failure = failure
    with pytest.raises(Failed):
        send(office, ana, 1)
    fake.failure = None
    assert send(office, ana, 2).status == "sent"


def test_a_refused_sign_in_is_noted_and_so_is_that_it_is_over(office: Any) -> None:
    ana = account()
    send(office, ana)
    office.used["ana@x.example"].failure = Failure("account_refused", "SMTP 535 no")
    with pytest.raises(Failed):
        send(office, ana, 1)
    assert [said for _, said in office.notes] == ["SMTP 535 no"]
    office.used["ana@x.example"].failure = None
    send(office, account(refused="SMTP 535 no", version=3), 3)
    assert office.notes[-1] == ("user-ana", None)


def test_an_account_sends_no_more_in_a_minute_than_it_may(office: Any) -> None:
    ana = account(per_minute=3)
    sent = [send(office, ana, number) for number in range(5)]
    assert [one.status for one in sent] == ["sent"] * 3 + ["queued"] * 2
    assert {one.last_error for one in sent[3:]} == {"account_rate"}
    minute = dt.datetime.now(dt.UTC).replace(second=0, microsecond=0)
    assert all(one.next_at > minute for one in sent[3:] if one.next_at)


def test_the_accounts_of_two_companies_are_two(office: Any) -> None:
    send(office, account(), 0)
    theirs = account(company="c2")
    office.used["ana@x.example"].failure = Failure("ConnectionRefusedError")
    with pytest.raises(Failed):
        send(office, account(), 1)
    office.used["ana@x.example"].failure = None
    assert send(office, theirs, 2, "c2").status == "sent"


@pytest.fixture
def day(office: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """With a limit of 5 mails a company and day, of which two are given at once; what was `taken`, in memory."""
    taken: dict[tuple[str, dt.datetime], int] = {}

    def of_day(database: Any, company: str, day: dt.datetime, most: int) -> int:
        amount = max(min(2, most - taken.get((company, day), 0)), 0)
        taken[(company, day)] = taken.get((company, day), 0) + amount
        return amount

    monkeypatch.setattr(posting, "take_of_day", of_day)
    office.office.a_day = 5
    return SimpleNamespace(office=office.office, used=office.used, notes=office.notes, taken=taken)


def test_what_a_company_sends_beyond_its_day_waits_for_the_next_one_without_an_attempt(day: Any) -> None:
    sent = [send(day, None, number) for number in range(7)]
    assert [one.status for one in sent] == [*5 * ["sent"], *2 * ["queued"]]
    late = sent[-1]
    assert (late.last_error, late.attempts) == ("company_day_spent", 0)
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    assert late.next_at is not None
    assert late.next_at.date() == tomorrow
    assert late.next_at == late.retry_at


def test_a_spent_day_is_nobody_elses_and_not_that_of_the_companys_own_account(day: Any) -> None:
    for number in range(6):
        send(day, None, number)
    assert send(day, None, 7, company="c2").status == "sent"
    assert send(day, account(), 8).status == "sent"


def test_mailings_leave_a_fifth_of_the_day_to_single_mails(day: Any) -> None:
    day.office.left = 0.2
    sent = [send(day, None, number) for number in range(5)]
    assert [one.status for one in sent].count("sent") == 4
