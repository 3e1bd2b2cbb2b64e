"""Rows S12, S23, N7: documents sent by e-mail while sales, notifications and the mail server die."""

from __future__ import annotations

import base64
import hashlib
import random
import threading
import time
from collections import Counter
from email.message import EmailMessage

from deploy.local.mailbox import Mails
from tests.chaos.rig import ORPHAN_SECONDS, Callers, Rig
from tests.support.stack.bus import Bus
from tests.support.stack.ledger import Ledger
from tests.support.stack.ports import wait_for

CALLERS = 4
PDF_BYTES = 200_000


class Papers:
    """Visit sheets of an opportunity a caller, each with bytes of its own; an address a paper."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self._lock = threading.Lock()
        self.digests: dict[str, str] = {}
        bus = rig.bus()
        self._opportunities = [self._opportunity(bus, number) for number in range(CALLERS)]

    def _opportunity(self, bus: Bus, number: int) -> str:
        person = bus.result("people", "register_person", {"name": f"Pessoa {number}"}, seconds=10)["id"]
        wait_for(lambda: any(one["_id"] == person for one in self._rig.documents("sales", "persons")), 20, "the copy")
        body = {"person_id": person, "description": "Visita"}
        return str(bus.insist("sales", "create_opportunity", body, f"open {number}")["id"])

    def send(self, bus: Bus, key: str, index: int) -> None:
        pdf = b"%PDF-1.7 " + random.Random(key).randbytes(PDF_BYTES)
        with self._lock:
            self.digests[key] = hashlib.sha256(pdf).hexdigest()
        paper = {
            "subject": key, "html": f"<p>{key}</p>", "text": key, "pdf": base64.b64encode(pdf).decode(),
            "file_name": "visita.pdf", "template_id": "builtin-visit-sheet", "template_name": "Padrão",
        }  # fmt: skip
        opportunity = self._opportunities[index]
        body = {"kind": "visit_sheet", "opportunity_id": opportunity, "recipients": [address(key)], "paper": paper}
        bus.insist("sales", "send_document", body, key)

    def arrived(self) -> tuple[Counter[str], int]:
        """Different Message-IDs by paper, each with its bytes whole; and how many came again."""
        box, seen = Mails(self._rig.folder / "mail"), {}
        facts = self._rig.mails()
        for fact in facts:
            mail = box.message(fact["number"])
            assert mail is not None
            key = str(mail["Subject"])
            assert digest(mail) == self.digests[key], f"{key}: other bytes"
            assert fact["to"] == [address(key)]
            seen[fact["message_id"]] = key
        return Counter(seen.values()), len(facts) - len(seen)


def address(key: str) -> str:
    return f"{key.replace(' ', '-')}@cliente.example"


def digest(mail: EmailMessage) -> str:
    [attached] = mail.iter_attachments()
    content = attached.get_content()
    assert isinstance(content, bytes)
    return hashlib.sha256(content).hexdigest()


def test_documents_arrive_once_and_whole(rig: Rig) -> None:
    """A kill every four seconds for half a minute; a paper is one sending, one e-mail, and all of its bytes."""
    rig.start_five()
    papers, ledger, chance = Papers(rig), Ledger("documents"), random.Random(12)
    killed: Counter[str] = Counter()
    with Callers(rig, ledger, CALLERS, papers.send) as callers:
        for _ in range(7):
            time.sleep(4)
            name = chance.choice(["sales", "notifications", "notifications", "mailbox"])
            rig.processes[name].kill()
            killed[name] += 1
            last = time.monotonic()
            rig.processes[name].start()
        rig.wait_ready("sales", "notifications")
        time.sleep(5)
    wait_for(lambda: ledger.acknowledged <= set(papers.arrived()[0]), ORPHAN_SECONDS, "all e-mails")
    mails, again = papers.arrived()
    sendings = [str(one["recipients"][0]) for one in rig.documents("sales", "sendings")]
    by_address = {address(key): key for key in papers.digests}
    ledger.settle(
        [by_address[one] for one in sendings], ledger.recovered_after(last), {"mails": mails},
        kills=dict(killed), errors=callers.errors, mails=mails.total(), resent_same_id=again,
        worst_latency_s=ledger.worst,
    )  # fmt: skip
    assert not rig.parked("notifications")
