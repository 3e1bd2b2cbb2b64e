"""Messages as if a channel had received them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.notifications.deliveries.model import File
from services.notifications.inbound.model import InboundMessage, Received, files_of
from services.notifications.inbound.repository import FILES, MESSAGES, document_of, files_document
from tests.support.builders import people
from tests.support.stack.system import Client, System

PDF = File("assinado.pdf", "application/pdf", b"%PDF-1.7 assinado")


def waiting(system: System, client: Client, **data: Any) -> str:
    """The id of a message of an unknown sender, with a file, that waits in the client's company."""
    word = people.unique_word()
    company = system.mongo("people")["persons"].find_one({"_id": client.register(word)["id"]})["company"]
    now = dt.datetime.now(dt.UTC)
    fields = {"sender": f"{word.lower()}@cliente.example", "subject": f"Caso {word}", "text": "Olá!", **data}
    found = Received(channel="email", external_id=f"<{word}@cliente.example>", received_at=now, files=[PDF], **fields)
    message, (files, _) = InboundMessage.of(company, found, now), files_of(found)
    database = system.mongo("notifications")
    database[FILES].insert_one({**files_document(message, files), "company": company})
    database[MESSAGES].insert_one({**document_of(message), "company": company})
    return message.id
