"""What a customer does with the phone: writes, sends a file, taps a button, reads."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from deploy.local.whatsapp.callbacks import media_content, received, status_of
from deploy.local.whatsapp.phone import Media, Message, now, wa_id_of
from deploy.local.whatsapp.sending import new_id

if TYPE_CHECKING:
    from deploy.local.whatsapp.server import Server

CUSTOMER_NAME = "Cliente"
# A white square, and a page with nothing on it.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg=="
)
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SAMPLES = {
    "foto": ("image", "image/png", "", PICTURE),
    "pdf": ("document", "application/pdf", "comprovante.pdf", PAPER),
}


def write(standin: Server, number: str, form: Mapping[str, str]) -> Message:
    """By the form of a page: a text, a sample file with it as its caption, or the tap on a button (`botao`)."""
    name, text = form.get("nome") or CUSTOMER_NAME, form.get("texto", "").strip()[:4096]
    if form.get("botao"):
        tapped = {"text": form["botao"], "payload": form["botao"]}
        return say(standin, number, "button", form["botao"], tapped, name)
    if form.get("anexo") in SAMPLES:
        kind, media_type, file_name, content = SAMPLES[form["anexo"]]
        return send_file(standin, number, kind, Media(new_media_id(), media_type, content, file_name), text, name)
    return say(standin, number, "text", text or "Oi", {"body": text or "Oi"}, name)


def say(
    standin: Server, number: str, kind: str, text: str, content: dict[str, Any], name: str = "", media_id: str = ""
) -> Message:
    """`content`: what the callback has under the name of the kind."""
    message = Message(new_id(), wa_id_of(number), "in", kind, text, now(), media_id=media_id)
    standin.phone.keep(message)
    standin.callbacks.tell(received(message, name or CUSTOMER_NAME, content))
    return message


def send_file(standin: Server, number: str, kind: str, media: Media, caption: str = "", name: str = "") -> Message:
    standin.phone.media[media.id] = media
    digest = hashlib.sha256(media.content).hexdigest()
    return say(
        standin, number, kind, caption or media.name or kind, media_content(media, digest, caption), name, media.id
    )


def read_all(standin: Server, number: str) -> None:
    """The customer looks at the chat: whatever came is read."""
    for message in list(standin.phone.chats.get(number, ())):
        if message.direction == "out" and message.state in ("sent", "delivered"):
            message.state = "read"
            standin.callbacks.tell(status_of(message, "read"))


def new_media_id() -> str:
    return str(secrets.randbelow(10**15))
