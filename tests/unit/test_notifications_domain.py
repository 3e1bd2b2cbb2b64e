"""Rows N1 and N7: what a watcher is told, and how often it is tried."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.process.runtime import Runtime
from services.notifications.deliveries.jobs import SENDING_SLACK_SECONDS, make_sender
from services.notifications.deliveries.model import Delivery
from services.notifications.deliveries.smtp import GOODBYE_SECONDS
from services.notifications.watching.model import Watch, delivery_for

NOW = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
WATCH = Watch("u1", "Ana", "ana@x.com", "p1", NOW)


def made(event_id: str = "ev1", title: str = "Dúvida", watch: Watch = WATCH) -> Delivery:
    entry = {
        "person_id": "p1",
        "attendance_id": "a1",
        "person_name": "José",
        "title": title,
        "text": "Ligou.",
        "author_name": "Bia",
    }
    return delivery_for(event_id, entry, watch, NOW)


def test_the_sender_has_fifteen_seconds_beside_the_longest_sending(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lease is as long: no second sending begins while the first is still recorded."""
    monkeypatch.setenv("VINCULO_SMTP_SECONDS", "40")
    assert SENDING_SLACK_SECONDS == 15.0
    assert make_sender(Runtime()).deadline == 40.0 + GOODBYE_SECONDS + 15.0


def test_the_same_event_and_recipient_make_the_same_message() -> None:
    delivery = made()
    assert delivery == made()
    assert delivery.message_id == f"<{delivery.id}@vinculo>"
    other = Watch("u2", "Bia", "bia@x.com", "p1", NOW)
    assert len({delivery.id, made("ev2").id, made(watch=other).id}) == 3


def test_the_watcher_reads_who_wrote_what_for_whom() -> None:
    delivery = made()
    assert delivery.subject == "Novo parecer de José: Dúvida"
    assert all(text in delivery.body for text in ("Ana", "Bia", "José", "Ligou."))


@given(st.text())
def test_no_title_writes_a_header_of_its_own(title: str) -> None:
    subject = made(title=f"x\r\nBcc: a@x.com{title}").subject
    assert len(subject.splitlines()) == 1
    EmailMessage()["Subject"] = subject


def test_a_failed_delivery_backs_off_and_dies_after_eight_attempts() -> None:
    delivery, waits = made(), []
    for _ in range(7):
        delivery.failed("recusado", NOW)
        assert delivery.next_at is not None
        waits.append((delivery.next_at - NOW).total_seconds())
    assert waits == [5, 30, 120, 600, 3600, 3600, 3600]
    assert delivery.status == "failed"
    delivery.failed("recusado", NOW)
    assert (delivery.status, delivery.attempts, delivery.next_at) == ("dead", 8, None)


def test_a_permanent_failure_is_not_tried_again() -> None:
    delivery = made()
    delivery.failed("caixa inexistente", NOW, permanent=True)
    assert (delivery.status, delivery.next_at, delivery.last_error) == ("dead", None, "caixa inexistente")


def test_a_sent_delivery_is_done() -> None:
    delivery = made()
    delivery.failed("fora do ar", NOW)
    delivery.sent(NOW)
    assert (delivery.status, delivery.attempts, delivery.sent_at, delivery.next_at) == ("sent", 2, NOW, None)
    assert delivery.last_error is None


def test_a_suppressed_delivery_is_not_tried_again_and_says_why() -> None:
    delivery = made()
    delivery.failed("fora do ar", NOW)
    delivery.suppress("person_erased")
    assert (delivery.status, delivery.next_at, delivery.last_error) == ("suppressed", None, "person_erased")
    assert (delivery.attempts, delivery.sent_at) == (1, None)
