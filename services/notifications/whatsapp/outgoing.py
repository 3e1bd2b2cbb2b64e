"""The files that a user sends over WhatsApp: their kinds, limits and place in a message. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.chassis.errors import Conflict, Invalid
from services.chassis.files.formats import AUDIO, DOCUMENT, IMAGE, VIDEO, recognise
from services.chassis.files.names import clean_name, extension_of

# The kinds of files that may be sent from here, as WhatsApp names them.
EXTENSIONS = {
    "jpg": "image", "jpeg": "image", "png": "image", "mp4": "video", "mp3": "audio", "m4a": "audio", "ogg": "audio",
    "opus": "audio", "pdf": "document", "doc": "document", "docx": "document", "xls": "document", "xlsx": "document",
    "ppt": "document", "pptx": "document", "txt": "document",
}  # fmt: skip
# In bytes, of each kind; of documents WhatsApp itself takes more.
MEBIBYTE = 1 << 20
LIMITS = {"image": 5 * MEBIBYTE, "video": 16 * MEBIBYTE, "audio": 16 * MEBIBYTE, "document": 16 * MEBIBYTE}
LARGEST = max(LIMITS.values())


@dataclass(frozen=True)
class Kind:
    """A file's name, its kind in the API, and its media type."""

    name: str
    kind: str
    media_type: str


def kind_of(name: str, head: bytes) -> Kind:
    """The kind, by name and first bytes, which must agree. Raises Invalid: attachment_kind_refused,
    attachment_content_mismatch.
    """
    full, file_format = recognise(clean_name(name), head, (DOCUMENT, IMAGE, AUDIO, VIDEO))
    kind = EXTENSIONS.get(extension_of(full))
    if kind is None:
        taken = ", ".join(sorted(EXTENSIONS))
        raise Invalid("attachment_kind_refused", f"O WhatsApp não aceita este tipo de arquivo: envie {taken}.")
    return Kind(full, kind, file_format.media_type)


def refuse_too_large(kind: str, size: int) -> None:
    """Raises Invalid("attachment_too_large")."""
    limit = LIMITS[kind]
    if size > limit:
        detail = f"O WhatsApp aceita até {limit // MEBIBYTE} MiB deste tipo de arquivo."
        raise Invalid("attachment_too_large", detail, limit=limit)


def message_file(upload: dict[str, Any], caption: str) -> dict[str, Any]:
    """A delivery's `file`. Raises Conflict("upload_incomplete"), Invalid("whatsapp_caption_unsupported")."""
    if not upload["ready"]:
        raise Conflict("upload_incomplete", "O envio do arquivo não terminou.")
    if caption and upload["kind"] == "audio":
        detail = "Um áudio não leva legenda."
        raise Invalid("whatsapp_caption_unsupported", detail, fields={"text": [detail]})
    name_of = {name: upload[name] for name in ("name", "media_type", "kind", "parts")}
    return {"id": upload["_id"], "caption": caption, **name_of}
