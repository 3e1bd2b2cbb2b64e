"""Row N6: a mailing through a hostile mail server while notifications is killed: each has an end, nobody a second mail.

VINCULO_MAILING_SIZE says to how many; 10,000 take some minutes, and `-s` shows the figures.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from services.notifications.mailings.jobs import SENDERS
from services.people.audiences.jobs import CHUNK
from tests.chaos.rig import Rig
from tests.support.builders.notifying import announce
from tests.support.fakes.hostile_smtp import HostileSmtp, kind_of
from tests.support.stack.ports import wait_for

SIZE = int(os.environ.get("VINCULO_MAILING_SIZE", "300"))
KILLS = 3
MAILING = {
    "kind": "bulletin", "subject": "Novidades, {{ cliente.nome }}", "text": "Olá, {{ cliente.nome }}!\n\nAté logo.",
    "responsible": "Padaria",
}  # fmt: skip


def recipient(number: int) -> dict[str, Any]:
    return {
        "person_id": f"p{number}", "code": number, "name": f"Pessoa {number:05d}",
        "email": f"p{number}@cliente.example", "address": None, "email_consent": True, "post_consent": None,
    }  # fmt: skip


def gathered(rig: Rig, size: int) -> str:
    """A mailing to so many persons, each batch told twice."""
    bus = rig.bus()
    mailing_id = bus.result("notifications", "create_mailing", MAILING)["id"]
    bus.result("notifications", "gather_mailing", {"mailing_id": mailing_id})
    (mailing,) = rig.documents("notifications", "mailings")
    chunks = [range(first, min(first + CHUNK, size)) for first in range(0, size, CHUNK)]
    for number, chunk in enumerate(chunks, start=1):
        told = {
            "gathering_id": mailing["gathering_id"], "mailing_id": mailing_id, "last": number == len(chunks),
            "refused": None, "persons": [recipient(one) for one in chunk],
        }  # fmt: skip
        announce(rig, "people", "mailing_audience_gathered", mailing["gathering_id"], told, number, times=2)
    wait_for(lambda: state(rig) == "ready", 300, "all recipients")
    return str(mailing_id)


def state(rig: Rig) -> str:
    return str(rig.documents("notifications", "mailings")[0]["state"])


def memory_of(pid: int) -> int:
    """The resident memory of a process, in MiB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


@pytest.mark.timeout(3600 if SIZE > 1000 else 400)
def test_every_recipient_has_an_end_and_one_mail_whatever_server_and_crashes_do(rig: Rig) -> None:
    server = HostileSmtp(drop_every=500 if SIZE > 1000 else 50)
    process = rig.start("notifications", VINCULO_SMTP_URL=server.url, VINCULO_SMTP_SECONDS="5")
    mailing_id = gathered(rig, SIZE)
    began = time.monotonic()
    rig.bus().result("notifications", "start_mailing", {"mailing_id": mailing_id, "link_base": "https://crm.example"})
    memory = 0
    for kill in range(1, KILLS + 1):
        wait_for(lambda kill=kill: len(server.taken) > SIZE * kill // (KILLS + 2), 600, "some mails")  # type: ignore[misc]
        memory = max(memory, memory_of(process.pid))
        process.kill()
        process.start()
        rig.wait_ready("notifications")
    wait_for(lambda: state(rig) == "done", 1800, "the mailing's end")
    memory = max(memory, memory_of(process.pid))
    recipients = rig.documents("notifications", "mailing_recipients")
    expected = Counter("dead" if kind_of(one["email"]) == "refused" else "sent" for one in recipients)
    assert len(recipients) == SIZE
    assert Counter(one["outcome"] for one in recipients) == expected
    assert {one["reason"] for one in recipients if one["outcome"] == "dead"} == {"SMTP 550"}
    addresses = Counter(server.taken.values())
    assert set(addresses.values()) == {1}, "a recipient with two mails"
    assert set(addresses) == {one["email"] for one in recipients if one["outcome"] == "sent"}
    (mailing,) = rig.documents("notifications", "mailings")
    assert mailing["counts"] == dict(expected)
    _tell(server, time.monotonic() - began, memory)
    server.close()


def _tell(server: HostileSmtp, seconds: float, memory: int) -> None:
    """The figures; `again`: mails that came once more under their Message-ID, each from between answer and record."""
    again = sum(server.copies.values()) - len(server.copies)
    busiest = Counter(int(one) for one in server.times)
    rate = sorted(busiest.values())[len(busiest) // 2]
    print(
        f"\n{SIZE} recipients: {len(server.taken)} mails in {seconds:.0f} s with {KILLS} kills, median {rate}/s, "
        f"{server.dropped} dropped connections, {again} repeated under their Message-ID, {memory} MiB at most"
    )


def test_a_single_mail_does_not_wait_for_a_mailing(rig: Rig) -> None:
    """The server takes half a second for each mail, so that the mailing takes a while."""
    server = HostileSmtp(drop_every=10**9, seconds=0.5)
    rig.start("notifications", VINCULO_SMTP_URL=server.url)
    mailing_id = gathered(rig, 200)
    person = {"person_id": "p1", "name": "Pessoa 00001", "categories": ["client"]}
    announce(rig, "people", "person_registered", "p1", person)
    wait_for(lambda: rig.count("notifications", "persons"), 30, "the person")
    bus = rig.bus()
    bus.result("notifications", "start_mailing", {"mailing_id": mailing_id, "link_base": "https://crm.example"})
    wait_for(lambda: len(server.taken) > SENDERS, 60, "the mailing begins")
    before = len(server.taken)
    one = {"person_id": "p1", "to": ["unica@cliente.example"], "subject": "Olá", "text": "Olá!"}
    (sent,) = bus.result("notifications", "send_person_email", one)["items"]
    wait_for(lambda: sent["message_id"] in server.taken, 60, "the single mail")
    assert len(server.taken) - before <= 10 * SENDERS, "it waited for the mailing"
    assert state(rig) == "sending"
    server.close()
