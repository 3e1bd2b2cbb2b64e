"""Rows A10, N1, N7, P7: all watchers are told, however many; of an erased person nothing is sent or kept any more."""

from __future__ import annotations

from services.notifications.deliveries.jobs import SENDERS
from tests.chaos.rig import Rig
from tests.support.builders.notifying import announce, deliveries, erase, tell, watch
from tests.support.fakes.slow_smtp import SlowSmtp
from tests.support.stack.ports import wait_for

FILE = {"name": "laudo.pdf", "media_type": "application/pdf", "content": "JVBERi0xLjcK"}
ENTRIES = "evt-attendance-entry_recorded--notifications.on_attendance_entry_recorded"


def statuses(rig: Rig, person: str) -> list[str]:
    return [one["status"] for one in deliveries(rig, person)]


def erased(rig: Rig) -> bool:
    return any("next_at" not in one for one in rig.documents("notifications", "erasures"))


def test_a_mail_that_waits_in_line_is_not_sent_once_its_person_is_erased(notifying: Rig) -> None:
    """The sender has it in memory, with its address and text, while a slow server keeps all its workers busy."""
    busy = [1.0]
    server = SlowSmtp(lambda command: busy[0] if command == "." else 0)
    notifying.start("notifications", VINCULO_SMTP_URL=server.url, VINCULO_SETTLE_SECONDS="1")
    for number in range(SENDERS):
        tell(notifying, f"other{number}", f"outro{number}@cliente.example")
    wait_for(lambda: len(server.taken()) == SENDERS, what="all workers are busy")
    tell(notifying, "p1")
    wait_for(lambda: deliveries(notifying), what="the person's mail waits")
    unwanted = deliveries(notifying)[0]["message_id"]
    erase(notifying, "p1")
    wait_for(lambda: erased(notifying), 15, "the person is erased")
    busy[0] = 0
    wait_for(lambda: all(statuses(notifying, f"other{n}") == ["sent"] for n in range(SENDERS)), 30, "the others'")
    # A later mail shows that the line has come to an end.
    tell(notifying, "later", "depois@cliente.example")
    wait_for(lambda: statuses(notifying, "later") == ["sent"], 30, "a later mail")
    assert statuses(notifying, "p1") == ["suppressed"]
    assert unwanted not in server.taken()
    server.close()


def test_a_mail_that_is_tried_again_is_not_sent_once_its_person_is_erased(notifying: Rig) -> None:
    server = SlowSmtp(lambda command: 0)
    server.down = True
    notifying.start("notifications", VINCULO_SMTP_URL=server.url, VINCULO_SETTLE_SECONDS="1")
    tell(notifying, "p1")
    wait_for(lambda: statuses(notifying, "p1") == ["failed"], what="the first try failed")
    erase(notifying, "p1")
    wait_for(lambda: erased(notifying), 30, "the person is erased")
    server.down = False
    assert statuses(notifying, "p1") == ["suppressed"]
    tell(notifying, "later", "depois@cliente.example")
    wait_for(lambda: statuses(notifying, "later") == ["sent"], 30, "a later mail")
    assert len(server.taken()) == 1
    server.close()


def test_files_are_kept_while_their_mail_may_be_sent_and_no_longer(notifying: Rig) -> None:
    def kept() -> list[str]:
        return sorted(one["person_id"] for one in notifying.documents("notifications", "enclosures"))

    server = SlowSmtp(lambda command: 0)
    server.down = True
    notifying.start("notifications", VINCULO_SMTP_URL=server.url, VINCULO_SETTLE_SECONDS="1")
    for person in ("p1", "other"):
        tell(notifying, person, f"{person}@cliente.example", files=[FILE])
    wait_for(lambda: statuses(notifying, "p1") == statuses(notifying, "other") == ["failed"], what="the first tries")
    assert kept() == ["other", "p1"]
    erase(notifying, "p1")
    wait_for(lambda: erased(notifying), 30, "the person is erased")
    assert kept() == ["other"]
    server.down = False
    wait_for(lambda: statuses(notifying, "other") == ["sent"], 30, "the other's mail")
    wait_for(lambda: kept() == [], what="its file gone")
    server.close()


def test_an_entry_that_is_heard_after_the_erasure_of_its_person_tells_nobody(notifying: Rig) -> None:
    server = SlowSmtp(lambda command: 0)
    notifying.start("notifications", VINCULO_SMTP_URL=server.url, VINCULO_SETTLE_SECONDS="1")
    announce(notifying, "people", "person_registered", "p1", {"person_id": "p1", "name": "José"})
    erase(notifying, "p1")
    wait_for(lambda: erased(notifying), 30, "the person is erased")
    watch(notifying, 2)
    tell(notifying, "p1")
    tell(notifying, "later", "depois@cliente.example")
    wait_for(lambda: statuses(notifying, "later") == ["sent"], 30, "a later mail")
    wait_for(lambda: notifying.depth(ENTRIES) == 0)
    assert statuses(notifying, "p1") == []
    assert len(server.taken()) == 1
    server.close()


def test_an_entry_that_comes_five_times_at_once_is_told_once_to_each(notifying: Rig) -> None:
    server = SlowSmtp()
    for name in ("notifications", "replica"):
        notifying.start(name, "notifications", VINCULO_SMTP_URL=server.url)
    watch(notifying, 3)
    tell(notifying, "p1", times=5, files=[FILE])
    tell(notifying, "later", "depois@cliente.example")
    wait_for(lambda: statuses(notifying, "p1") == ["sent"] * 4, 30, "the watchers' and the customer's")
    wait_for(lambda: statuses(notifying, "later") == ["sent"] and notifying.depth(ENTRIES) == 0, 30, "a later mail")
    assert len(server.taken()) == len(set(server.taken())) == 5
    assert not notifying.documents("notifications", "inbox")
    server.close()


def test_many_mails_go_over_as_many_connections_as_there_are_senders(notifying: Rig) -> None:
    server = SlowSmtp()
    notifying.start("notifications", VINCULO_SMTP_URL=server.url)
    watch(notifying, 60)
    tell(notifying, "p1", None)
    wait_for(lambda: statuses(notifying, "p1") == ["sent"] * 60, 60, "all are sent")
    assert len(server.taken()) == 60
    assert len(server.visits) <= SENDERS
    server.close()


def test_a_server_that_was_started_anew_gets_the_next_mail_at_once(notifying: Rig) -> None:
    """The kept connection is dead: nothing was taken over it, so that is no failed attempt."""
    server = SlowSmtp(answer=lambda command, visit: "" if visit.message_ids and command == "MAIL" else None)
    notifying.start("notifications", VINCULO_SMTP_URL=server.url)
    for person in ("p1", "p2"):
        tell(notifying, person)
        wait_for(lambda person=person: statuses(notifying, person) == ["sent"], 20, "sent")  # type: ignore[misc]
    assert [one["attempts"] for one in deliveries(notifying, "p2")] == [1]
    assert len(server.visits) == 2
    server.close()


def test_what_is_told_of_a_merged_person_reaches_the_watchers_of_the_other_and_is_their_own(notifying: Rig) -> None:
    server = SlowSmtp()
    notifying.start("notifications", VINCULO_SMTP_URL=server.url)
    merged = {"person_id": "old", "survivor_id": "p1"}
    announce(notifying, "people", "person_merged", "old", merged, sequence=2)
    wait_for(lambda: notifying.documents("notifications", "redirects"), what="the redirection")
    addresses = watch(notifying, 2, "p1")
    tell(notifying, "old")
    wait_for(lambda: statuses(notifying, "p1") == ["sent"] * 3, 30, "all are told")
    assert {one["recipient"] for one in deliveries(notifying)} == {*addresses, "jose@cliente.example"}
    assert deliveries(notifying, "old") == []
    server.close()
