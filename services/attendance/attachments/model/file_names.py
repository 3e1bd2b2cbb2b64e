"""Names of attached files made harmless: no path, no invisible character, nothing that a file system refuses.

No framework, store or clock may enter.
"""

from __future__ import annotations

import re
import unicodedata

NAMELESS = "anexo"
NAME_BYTES = 200
EXTENSION = re.compile(r"\.([A-Za-z0-9]{1,10})$")
PATH_SIGNS = re.compile(r"[/\\]")
REFUSED_BY_WINDOWS = re.compile(r'[<>:"|?*]')
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
SPACES = re.compile(r"\s+")


def clean_name(asked: str) -> str:
    """The last part of a path, visible characters only, at most NAME_BYTES in UTF-8 with its extension kept."""
    last = [part for part in PATH_SIGNS.split(unicodedata.normalize("NFC", asked)) if part.strip(" .")]
    # Controls, and format characters: those that turn the reading direction hide an extension.
    seen = "".join(SPACES.sub(" ", sign) for sign in (last or [""])[-1] if not _invisible(sign))
    name = SPACES.sub(" ", REFUSED_BY_WINDOWS.sub("_", seen)).strip(" .")
    if DEVICES.match(name):
        name = f"_{name}"
    return _shortened(name) or NAMELESS


def extension_of(name: str) -> str:
    """In small letters, without its dot; empty when there is none."""
    found = EXTENSION.search(name)
    return found.group(1).lower() if found else ""


def _invisible(sign: str) -> bool:
    return unicodedata.category(sign).startswith("C") and sign not in "\t\n\r"


def _shortened(name: str) -> str:
    found = EXTENSION.search(name)
    end = found.group(0) if found else ""
    stem = name[: len(name) - len(end)].encode()[: NAME_BYTES - len(end)].decode(errors="ignore")
    return f"{stem.strip(' .')}{end}".strip(" .")
