"""Row N7: a mail server that is slow gets each mail once, and one that is too slow is left at the deadline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.chaos.rig import Rig
from tests.support.builders.notifying import deliveries, tell
from tests.support.fakes.slow_smtp import SlowSmtp
from tests.support.stack.ports import wait_for

DRIP = 0.3


@contextmanager
def smtp(pause: Callable[[str], float | None]) -> Iterator[SlowSmtp]:
    server = SlowSmtp(pause)
    yield server
    server.close()


def delivery(rig: Rig) -> dict[str, Any]:
    found = deliveries(rig)
    return found[0] if found else {"status": None}


def test_a_server_that_drips_for_longer_than_a_lease_gets_one_copy(notifying: Rig) -> None:
    """The answer to the message takes six seconds, byte by byte; two replicas look for work all the while."""
    with smtp(lambda command: DRIP if command == "." else 0) as server:
        for name in ("notifications", "replica"):
            notifying.start(name, "notifications", VINCULO_SMTP_URL=server.url)
        tell(notifying)
        wait_for(lambda: delivery(notifying)["status"] == "sent", 30, "the mail is sent")
        assert delivery(notifying)["attempts"] == 1
        assert len(server.taken()) == len(server.visits) == 1


def test_a_server_that_drips_beyond_the_deadline_is_left_and_the_next_try_counted(notifying: Rig) -> None:
    """The whole sending has two seconds, though each of its bytes comes soon; no try begins during another."""
    with smtp(lambda _: DRIP) as server:
        for name in ("notifications", "replica"):
            notifying.start(name, "notifications", VINCULO_SMTP_URL=server.url, VINCULO_SMTP_SECONDS="2")
        tell(notifying)
        wait_for(lambda: len(server.visits) == 2 and server.visits[1].ended, 40, "two tries")
        wait_for(lambda: delivery(notifying)["attempts"] == 2, 10, "the second try is counted")
        assert delivery(notifying)["last_error"] == "DeadlinePassed"
        assert server.overlapping() == 0
        # of the minute that the server would take; it sees that its client left when its next bytes find nobody
        assert all(visit.ended and visit.ended - visit.began < 8 for visit in server.visits)


def test_a_mail_that_was_taken_late_is_sent_again_under_the_same_message_id(notifying: Rig) -> None:
    """The answer to the message comes too late: what became of it is not known, and the retry bears the same name."""
    with smtp(lambda command: None if command == "." else 0) as server:
        notifying.start("notifications", VINCULO_SMTP_URL=server.url, VINCULO_SMTP_SECONDS="1")
        tell(notifying)
        wait_for(lambda: len(server.taken()) == 2, 40, "the second try")
        assert set(server.taken()) == {delivery(notifying)["message_id"]}
        wait_for(lambda: delivery(notifying)["attempts"] == 2, 10, "the second try is counted")


def test_a_server_that_says_no_goodbye_has_taken_the_mail(notifying: Rig) -> None:
    with smtp(lambda command: None if command == "QUIT" else 0) as server:
        notifying.start("notifications", VINCULO_SMTP_URL=server.url)
        tell(notifying)
        wait_for(lambda: delivery(notifying)["status"] == "sent", 20, "the mail is sent")
        assert delivery(notifying)["attempts"] == 1
        assert len(server.taken()) == 1
