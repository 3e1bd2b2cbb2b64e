"""Normalisation of texts: for storing (without invisible characters, in NFC), and for comparing (folded).

A zero-width space makes two persons of one name, and a direction mark makes an e-mail address wrong. No business word
enters here.
"""

from __future__ import annotations

import re
import unicodedata

# Unicode's Default_Ignorable_Code_Point, controls, lone surrogates, the blank of Braille and what is no character.
_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_CONTROLS = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff"
_INVISIBLE = f"[{_IGNORABLE}{_CONTROLS}]"
# Emoji are built with some of these: a family joins its members, a flag of England is spelled in tags.
_PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2100-\u214f\u2190-\u27ff\u2900-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001fbff]"
)
_ONE = f"{_PICTURE}[\ufe0e\ufe0f]?[\U0001f3fb-\U0001f3ff]?"
_EMOJI = f"[0-9#*]\ufe0f?\u20e3|\U0001f3f4[\U000e0030-\U000e007a]{{1,6}}\U000e007f|{_ONE}(?:\u200d{_ONE})*"
_CLEANED = re.compile(f"({_EMOJI})|{_INVISIBLE}")
_LINE_ENDS = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BREAKS = re.compile("[\t\n\x1f]+")
_BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


def one_line(text: str) -> str:
    """One trimmed line without invisible characters, in NFC: for a name, a title, an address, a code."""
    return _BLANKS.sub(" ", _BREAKS.sub(" ", _visible(text))).strip()


def lines(text: str) -> str:
    """Trimmed lines without invisible characters, in NFC; each ends with a newline, and tabs stay."""
    return _visible(text).replace("\x1f", " ").strip()


def fold(text: str) -> str:
    """Lower case without accents, so that "José" and "JOSE" are one word."""
    # Decomposed before and after folding: "ℌ" has a lower case only as "H", and "ŉ" only in two parts.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


def fold_name(text: str) -> str:
    """`fold` without outer or repeated blanks: `  Ação   Nova ` and `acao nova` are one name."""
    return " ".join(fold(text).split())


def _visible(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    spaced = _LINE_ENDS.sub("\n", text)
    return unicodedata.normalize("NFC", _CLEANED.sub(lambda found: found[1] or "", spaced))
