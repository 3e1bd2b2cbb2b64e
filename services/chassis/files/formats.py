"""The file formats that may be attached, and the check that a file's first bytes match the format of its name.

Files are never unpacked. Pure: no framework, store or clock.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import puremagic

from services.chassis.errors import Invalid
from services.chassis.files.names import extension_of

DOCUMENT, IMAGE, AUDIO, VIDEO, ARCHIVE = KINDS = ("document", "image", "audio", "video", "archive")
HEAD_BYTES = 8192
# The media type of formats that a browser might execute: they can only be downloaded.
DOWNLOAD_ONLY = "application/octet-stream"
ZIP_HEADER = b"PK\x03\x04"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
TEXT_CONTROLS = frozenset(b"\t\n\r\f\x1a\x1b")


@dataclass(frozen=True)
class Format:
    """A file format, recognised by `signatures` or `members`; with neither, it is a text format.

    `signatures`: extensions by which puremagic names it. `members`: prefixes of the first name inside a zip.
    """

    kind: str
    media_type: str
    signatures: tuple[str, ...] = ()
    members: tuple[str, ...] = ()

    def proven_by(self, head: bytes) -> bool:
        """Whether the first bytes of a file are of this format."""
        if self.members:
            return _first_member(head).startswith(self.members)
        if self.signatures:
            return not _signatures(head).isdisjoint(self.signatures)
        return is_text(head)


OFFICE = ("[Content_Types].xml", "_rels/", "docProps/", "customXml/")
OLE = (".doc", ".xls", ".ppt")
OOXML = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"

FORMATS: dict[str, Format] = {
    "pdf": Format(DOCUMENT, "application/pdf", (".pdf",)),
    "doc": Format(DOCUMENT, "application/msword", OLE),
    "xls": Format(DOCUMENT, "application/vnd.ms-excel", OLE),
    "ppt": Format(DOCUMENT, "application/vnd.ms-powerpoint", OLE),
    "docx": Format(DOCUMENT, f"{OOXML}.wordprocessingml.document", members=(*OFFICE, "word/")),
    "xlsx": Format(DOCUMENT, f"{OOXML}.spreadsheetml.sheet", members=(*OFFICE, "xl/")),
    "pptx": Format(DOCUMENT, f"{OOXML}.presentationml.presentation", members=(*OFFICE, "ppt/")),
    "odt": Format(DOCUMENT, f"{ODF}.text", members=("mimetype",)),
    "ods": Format(DOCUMENT, f"{ODF}.spreadsheet", members=("mimetype",)),
    "odp": Format(DOCUMENT, f"{ODF}.presentation", members=("mimetype",)),
    "rtf": Format(DOCUMENT, "application/rtf", (".rtf",)),
    "txt": Format(DOCUMENT, "text/plain"),
    "md": Format(DOCUMENT, "text/plain"),
    "csv": Format(DOCUMENT, "text/csv"),
    "json": Format(DOCUMENT, "application/json"),
    "eml": Format(DOCUMENT, "message/rfc822"),
    "ics": Format(DOCUMENT, "text/calendar"),
    "ofx": Format(DOCUMENT, "application/x-ofx"),
    "xml": Format(DOCUMENT, DOWNLOAD_ONLY),
    "html": Format(DOCUMENT, DOWNLOAD_ONLY),
    "htm": Format(DOCUMENT, DOWNLOAD_ONLY),
    "png": Format(IMAGE, "image/png", (".png",)),
    "jpg": Format(IMAGE, "image/jpeg", (".jpg", ".jfif")),
    "jpeg": Format(IMAGE, "image/jpeg", (".jpg", ".jfif")),
    "gif": Format(IMAGE, "image/gif", (".gif",)),
    "webp": Format(IMAGE, "image/webp", (".webp",)),
    "bmp": Format(IMAGE, "image/bmp", (".bmp",)),
    "tif": Format(IMAGE, "image/tiff", (".tif",)),
    "tiff": Format(IMAGE, "image/tiff", (".tif",)),
    "heic": Format(IMAGE, "image/heic", (".heic", ".heif")),
    "svg": Format(IMAGE, DOWNLOAD_ONLY),
    "mp3": Format(AUDIO, "audio/mpeg", (".mp3",)),
    "ogg": Format(AUDIO, "audio/ogg", (".ogg",)),
    "opus": Format(AUDIO, "audio/ogg", (".ogg",)),
    "m4a": Format(AUDIO, "audio/mp4", (".m4a", ".mp4")),
    "wav": Format(AUDIO, "audio/wav", (".wav",)),
    "mp4": Format(VIDEO, "video/mp4", (".mp4",)),
    "webm": Format(VIDEO, "video/webm", (".webm", ".mkv")),
    "zip": Format(ARCHIVE, "application/zip", (".zip",)),
}


def recognise(name: str, head: bytes, kinds: Collection[str]) -> tuple[str, Format]:
    """The name, with an extension added where it has none, and the format that name and content agree on.

    `head`: the first bytes of the file; `kinds`: the accepted kinds of formats.

    Raises Invalid("attachment_kind_refused", "attachment_content_mismatch").
    """
    head = head[:HEAD_BYTES]
    extension = extension_of(name) or _guess_extension(head)
    file_format = FORMATS.get(extension)
    if file_format is None or file_format.kind not in kinds:
        raise Invalid("attachment_kind_refused", "Este tipo de arquivo não é aceito aqui.", kinds=sorted(kinds))
    if not file_format.proven_by(head):
        detail = f"O conteúdo do arquivo não é o que a extensão .{extension} diz."
        raise Invalid("attachment_content_mismatch", detail)
    return name if extension_of(name) else f"{name}.{extension}", file_format


def is_text(head: bytes) -> bool:
    """Whether it is UTF-16 with its byte order mark, or has no control characters and is no script (#!)."""
    if head.startswith(UTF16_MARKS):
        return True
    if head.startswith(b"#!"):
        return False
    return all(byte >= 0x20 or byte in TEXT_CONTROLS for byte in head)


def _guess_extension(head: bytes) -> str:
    """The extension of the first format that the content matches; empty for none."""
    return next((extension for extension, file_format in FORMATS.items() if file_format.proven_by(head)), "")


def _signatures(head: bytes) -> set[str]:
    try:
        return {match.extension for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return set()


def _first_member(head: bytes) -> str:
    """The name of the first member of a zip, from its local header; empty for anything else."""
    if not head.startswith(ZIP_HEADER) or len(head) < 30:
        return ""
    length = int.from_bytes(head[26:28], "little")
    return head[30 : 30 + length].decode("ascii", errors="replace")
