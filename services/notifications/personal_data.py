"""The personal-data inventory of `notifications`, and the handlers that merge, erase and report by it (row P7)."""

from __future__ import annotations

from services.chassis.personal_data import handlers
from services.chassis.personal_data.inventory import ERASED_TEXT, Holding
from services.notifications.deliveries.model import SUPPRESSED
from services.notifications.inbound.model import DISCARDED
from services.notifications.inbound.repository import FILES, MESSAGES
from services.notifications.mailings.repository import OPT_OUTS, RECIPIENTS
from services.notifications.session import NotificationsSession
from services.notifications.watching.repository import DIGESTS, HISTORY, ITEMS, TELLINGS
from services.notifications.webhooks.repository import FEED
from services.notifications.whatsapp.files import FILES as FILES_OF_WHATSAPP
from services.notifications.whatsapp.files import PARTS
from services.notifications.whatsapp.repository import CONVERSATIONS

BASIS = "LGPD art. 16, I: que houve o envio, quando e com que resultado; destinatário, assunto e texto eliminados."
RECEIVED_BASIS = "LGPD art. 16, I: que uma mensagem chegou, quando e por qual canal; remetente e conteúdo eliminados."
OPT_OUT_BASIS = "LGPD art. 16, I, e art. 18, § 2º: que a pessoa se opôs, a quê e quando; do endereço só um resumo."
INVENTORY = (
    Holding("watches", by="person_id", sort="since", removes=True),
    Holding(
        "deliveries",
        by="person_id",
        sort="created_at",
        erases={
            "recipient": ERASED_TEXT,
            "subject": ERASED_TEXT,
            "body": "",
            "template": None,
            "file": None,
            "last_error": None,
            "log": [],
            "opt_out_url": None,
            "footer": "",
        },
        ends={"status": SUPPRESSED},
        basis=BASIS,
    ),
    Holding("enclosures", by="person_id", sort="created_at", removes=True),
    Holding(TELLINGS, by="person_id", sort="created_at", removes=True),
    Holding(DIGESTS, by="person_id", sort="created_at", removes=True),
    Holding(ITEMS, by="person_id", sort="at", removes=True),
    Holding(FEED, by="person_id", sort="stored_at", removes=True),
    Holding(
        MESSAGES,
        by="person_id",
        sort="received_at",
        erases={
            "sender": ERASED_TEXT,
            "sender_name": "",
            "subject": ERASED_TEXT,
            "text": "",
            "quoted": "",
            "file_names": [],
            "left_out": [],
            "state": DISCARDED,
        },
        basis=RECEIVED_BASIS,
    ),
    Holding(FILES, by="person_id", sort="received_at", removes=True, reported=False),
    Holding(HISTORY, by="person_id", sort="at", removes=True),
    Holding(
        RECIPIENTS,
        by="person_id",
        sort="created_at",
        erases={"name": ERASED_TEXT, "email": None, "address_key": None, "address": None, "place": "", "reason": None},
        basis=BASIS,
        hides=("address_key", "place"),
    ),
    Holding(OPT_OUTS, by="person_id", sort="at", basis=OPT_OUT_BASIS),
    Holding(CONVERSATIONS, by="person_id", sort="changed_at", removes=True),
    Holding(
        FILES_OF_WHATSAPP,
        by="person_id",
        sort="received_at",
        # the row stays: by it a callback that is told again is known, and brings nothing back
        erases={
            "message": None,
            "name": ERASED_TEXT,
            "file_id": "",
            "media_type": "",
            "size": None,
            "digest": None,
        },
        ends={"message": None},
        basis=RECEIVED_BASIS,
    ),
    Holding(PARTS, by="person_id", sort="received_at", removes=True, reported=False),
)


def _claim_what_nobody_assigned(tx: NotificationsSession, person_id: str) -> None:
    """What came from an address or a number that is the person's alone goes with the person's data, though nobody has
    said whose it is."""
    copy, current = tx.persons.find(person_id) or {}, tx.redirects.current(person_id)
    emails = {one for one in copy.get("emails") or () if tx.persons_by_address.only(one) == current}
    numbers = {one for one in copy.get("phones") or () if tx.conversations.owner_of(one) == current}
    tx.inbound.claim(person_id, emails | numbers)
    tx.conversations.claim(person_id, numbers)


on_people_person_merged = handlers.person_merged()
on_people_person_unmerged = handlers.person_unmerged()
on_people_person_erasure_requested = handlers.person_erasure_requested(before=_claim_what_nobody_assigned)
get_person_data = handlers.person_data(INVENTORY)
