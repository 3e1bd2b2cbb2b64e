"""Rows N1 and N7: what a watcher is told, and how often it is tried."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import Conflict
from services.chassis.process.runtime import Runtime
from services.notifications.deliveries.jobs import SENDING_SLACK_SECONDS, make_sender
from services.notifications.deliveries.model import MAX_ATTEMPTS, MOST_LOGGED, Delivery, Failure
from services.notifications.mail.smtp import GOODBYE_SECONDS
from services.notifications.watching.model import Watch
from tests.support.builders.delivery_records import NOW, watcher_mail


def test_the_sender_has_fifteen_seconds_beside_the_longest_sending(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lease is as long: no second sending begins while the first is still recorded."""
    monkeypatch.setenv("VINCULO_SMTP_SECONDS", "40")
    assert SENDING_SLACK_SECONDS == 15.0
    assert make_sender(Runtime()).deadline == 40.0 + GOODBYE_SECONDS + 15.0


def test_the_same_event_and_recipient_make_the_same_message() -> None:
    delivery = watcher_mail()
    assert delivery == watcher_mail()
    assert delivery.message_id == f"<{delivery.id}@vinculo>"
    other = Watch("u2", "Bia", "bia@x.com", "p1", NOW)
    assert len({delivery.id, watcher_mail("ev2").id, watcher_mail(watch=other).id}) == 3


def test_the_watcher_reads_who_wrote_what_for_whom() -> None:
    delivery = watcher_mail()
    assert delivery.subject == "Novo parecer de José: Dúvida"
    assert all(text in delivery.body for text in ("Ana", "Bia", "José", "Ligou."))


@given(st.text())
def test_no_title_writes_a_header_of_its_own(title: str) -> None:
    subject = watcher_mail(title=f"x\r\nBcc: a@x.com{title}").subject
    assert len(subject.splitlines()) == 1
    EmailMessage()["Subject"] = subject


DOWN = Failure("ConnectionRefusedError")


def waits_of(delivery: Delivery, failure: Failure) -> list[float]:
    """Seconds after each failure until the next attempt."""
    waits: list[float] = []
    while True:
        delivery.failed(failure, NOW)
        if delivery.next_at is None:
            return waits
        waits.append((delivery.next_at - NOW).total_seconds())


def test_a_server_that_is_not_reached_is_tried_soon_and_for_two_days() -> None:
    delivery = watcher_mail()
    waits = waits_of(delivery, DOWN)
    assert waits[:5] == [5, 30, 120, 600, 3600]
    assert sum(waits) > dt.timedelta(days=1.5).total_seconds()
    assert (delivery.status, delivery.attempts, delivery.next_at) == ("dead", MAX_ATTEMPTS, None)


def test_a_server_that_defers_a_mail_is_not_asked_again_within_a_minute() -> None:
    waits = waits_of(watcher_mail(), Failure("SMTP 451", "greylisted", deferred=True))
    assert waits[:3] == [60, 300, 900]


@pytest.mark.parametrize(("asked", "kept"), [(1, 60), (700, 700), (10**7, 86_400)])
def test_a_wait_that_the_server_names_is_kept_within_a_day(asked: int, kept: int) -> None:
    delivery = watcher_mail()
    delivery.failed(Failure("429", deferred=True, wait=dt.timedelta(seconds=asked)), NOW)
    assert delivery.next_at == NOW + dt.timedelta(seconds=kept)


def test_the_log_of_a_delivery_keeps_its_last_attempts_without_addresses() -> None:
    delivery = watcher_mail()
    delivery.account_id = "acc"
    for number in range(MOST_LOGGED + 5):
        delivery.max_attempts = 100
        delivery.failed(Failure(f"SMTP 45{number}", "4.2.2 <ana@x.com>: caixa\r\ncheia"), NOW)
    assert [one.code for one in delivery.log] == [f"SMTP 45{number}" for number in range(5, MOST_LOGGED + 5)]
    assert {one.reason for one in delivery.log} == {"4.2.2 … caixa cheia"}
    assert {one.account_id for one in delivery.log} == {"acc"}


def test_a_dead_delivery_is_tried_again_by_hand_with_all_its_attempts() -> None:
    delivery = watcher_mail()
    waits_of(delivery, DOWN)
    delivery.retry(NOW)
    assert (delivery.status, delivery.next_at) == ("queued", NOW)
    delivery.failed(DOWN, NOW)
    assert delivery.next_at == NOW + dt.timedelta(seconds=5)
    assert len(waits_of(delivery, DOWN)) == MAX_ATTEMPTS - 2


def test_a_delivery_that_waits_for_its_next_attempt_is_tried_at_once_unless_somebody_is_at_it() -> None:
    delivery = watcher_mail()
    delivery.failed(DOWN, NOW)
    claimed = replace(delivery, next_at=NOW + dt.timedelta(minutes=9))
    with pytest.raises(Conflict) as refused:
        claimed.retry(NOW)
    assert refused.value.code == "delivery_in_progress"
    delivery.retry(NOW)
    assert delivery.next_at == NOW


@pytest.mark.parametrize(("status", "body", "code"), [
    ("sent", "x", "delivery_sent"), ("read", "x", "delivery_sent"), ("queued", "x", "delivery_in_progress"),
    ("dead", "", "delivery_text_gone"),
])  # fmt: skip
def test_what_was_sent_waits_or_has_no_text_any_more_is_not_tried_by_hand(status: str, body: str, code: str) -> None:
    delivery = replace(watcher_mail(), status=status, body=body, next_at=None)
    with pytest.raises(Conflict) as refused:
        delivery.retry(NOW)
    assert refused.value.code == code


def test_what_was_read_does_not_become_merely_delivered() -> None:
    delivery = watcher_mail()
    delivery.sent(NOW)
    delivery.mark_read(NOW)
    delivery.mark_delivered(NOW)
    assert (delivery.status, delivery.read_at, delivery.delivered_at) == ("read", NOW, None)


def test_a_permanent_failure_is_not_tried_again() -> None:
    delivery = watcher_mail()
    delivery.failed(Failure("SMTP 550", permanent=True), NOW)
    assert (delivery.status, delivery.next_at, delivery.last_error) == ("dead", None, "SMTP 550")


def test_a_sent_delivery_is_done() -> None:
    delivery = watcher_mail()
    delivery.failed(DOWN, NOW)
    delivery.sent(NOW)
    assert (delivery.status, delivery.attempts, delivery.sent_at, delivery.next_at) == ("sent", 2, NOW, None)
    assert delivery.last_error is None


def test_a_suppressed_delivery_is_not_tried_again_and_says_why() -> None:
    delivery = watcher_mail()
    delivery.failed(DOWN, NOW)
    delivery.suppress("person_erased")
    assert (delivery.status, delivery.next_at, delivery.last_error) == ("suppressed", None, "person_erased")
    assert (delivery.attempts, delivery.sent_at) == (1, None)
