"""The text of the RTF that Outlook compresses (MS-OXRTFCP). Pure; takes any bytes.

The libraries are imported by a mail that needs them: each is read in a process of its own.
"""

from __future__ import annotations

# Of the text, and of what it comes as: a quarter.
TEXT_BYTES, PACKED_BYTES = 1_000_000, 250_000


def text_of_rtf(packed: bytes) -> str:
    """The text; empty where the RTF is too long or broken."""
    from compressed_rtf import decompress
    from striprtf.striprtf import rtf_to_text

    if len(packed) > PACKED_BYTES or int.from_bytes(packed[4:8], "little") > TEXT_BYTES:
        return ""
    try:
        return str(rtf_to_text(decompress(packed).decode("latin-1"), errors="replace"))  # type: ignore[no-untyped-call]
    except Exception:  # noqa: BLE001 (the libraries raise whatever they meet)
        return ""
