"""Makes names of attached files harmless: no path, no invisible character, nothing that a file system refuses.

Pure: no framework, store or clock.
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
    # Drops control and format characters: one that reverses the reading direction hides an extension.
    visible = "".join(SPACES.sub(" ", sign) for sign in (last or [""])[-1] if not _invisible(sign))
    name = SPACES.sub(" ", REFUSED_BY_WINDOWS.sub("_", visible)).strip(" .")
    if DEVICES.match(name):
        name = f"_{name}"
    return _shorten(name) or NAMELESS


def extension_of(name: str) -> str:
    """The extension in lower case, without its dot; empty when there is none."""
    match = EXTENSION.search(name)
    return match.group(1).lower() if match else ""


def _invisible(sign: str) -> bool:
    return unicodedata.category(sign).startswith("C") and sign not in "\t\n\r"


def _shorten(name: str) -> str:
    match = EXTENSION.search(name)
    extension = match.group(0) if match else ""
    stem = name[: len(name) - len(extension)].encode()[: NAME_BYTES - len(extension)].decode(errors="ignore")
    return f"{stem.strip(' .')}{extension}".strip(" .")
