"""The part of a mail's text that is new, and the part that is older messages.

By lines, in one pass, so that no text takes long: the libraries for this know no Portuguese, and their patterns took
seconds for some kilobytes that were written to be slow (ADR 0045). Pure.
"""

from __future__ import annotations

import re

# "Em ter., 3 de mar. de 2026 às 10:15, Ana <ana@x.example> escreveu:", which mail programs break over lines.
WROTE_BEGINS = re.compile(r"\s*(?:>\s?)*(?:Em|No dia|On|El|Le|Am|Il)\b.{4,}", re.IGNORECASE)
WROTE_ENDS = re.compile(r".*\b(?:escreveu|wrote|escribió|a écrit|schrieb|ha scritto)\s*:?\s*\Z", re.IGNORECASE)
MOST_WROTE_LINES = 4
# The header block of Outlook, Apple Mail and forwards: two of these lines, one after another.
FIELD = re.compile(
    r"\s*(?:>\s?)*\*?(De|From|Enviad[ao](?: em| por)?|Sent|Data|Date|Para|To|Cc|Assunto|Subject|Responder a|Reply-To)"
    r"\s?:\*?(?:\s.*|\Z)",
    re.IGNORECASE,
)
OPENING = ("de", "from")
# "-----Mensagem original-----", "---------- Forwarded message ---------", "Início da mensagem encaminhada:"
BANNER = re.compile(
    r"\s*(?:[-_=*]{2,}\s*(?:mensagem original|original message|mensagem encaminhada|forwarded message|"
    r"mensaje original|mensaje reenviado|message d'origine)\b.*"
    r"|(?:in[ií]cio da mensagem encaminhada|begin forwarded message)\s*:?\s*)",
    re.IGNORECASE,
)
FORWARDED = re.compile(r".*(?:encaminhada|forwarded|reenviado)", re.IGNORECASE)
RULE = re.compile(r"\s*_{20,}\s*")
# The advertisement of a phone's mail program at the end of a mail.
SENT_FROM = re.compile(
    r"\s*(?:enviad[ao] (?:do|da|de|pelo|a partir do) (?:meu |minha )?\S.{0,60}|sent from (?:my )?\S.{0,60}|"
    r"obter o outlook para \S.{0,60}|get outlook for \S.{0,60}|baixe o outlook para \S.{0,60})",
    re.IGNORECASE,
)
SIGNATURE = re.compile(r"--\s?")
# A forward is kept whole: the text above it is often one sentence, or nothing.
FORWARD_SUBJECT = re.compile(r"\s*(?:fwd?|enc|encaminhada|tr)\s*:", re.IGNORECASE)


def split_quoted(text: str, subject: str = "") -> tuple[str, str]:
    """Splits a text into what is new and what is quoted. A forward keeps what it forwards; a text of quotes alone keeps
    them.
    """
    lines = text.split("\n")
    start = _quote_start(lines)
    forwards = FORWARD_SUBJECT.match(subject) is not None
    if start is None or forwards or FORWARDED.match(lines[start][:200]):
        return _without_signature(lines, keep=forwards or start is not None), ""
    new, quoted = lines[:start], lines[start:]
    below = _written_below(quoted)
    if below is not None and not "".join(new).strip():
        return _without_signature(quoted[below:]), "\n".join(quoted[:below]).strip()
    said = _without_signature(new)
    return (said, "\n".join(quoted).strip()) if said else (text.strip(), "")


def _quote_start(lines: list[str]) -> int | None:
    """The index of the first line of the older messages; quotes between answers belong to the new text."""
    tail = _quoted_tail(lines)
    for number, line in enumerate(lines[:tail]):
        if BANNER.fullmatch(line[:200]) or _wrote(lines, number) or _fields(lines, number):
            return number
        if RULE.fullmatch(line[:200]) and any(_fields(lines, after) for after in (number + 1, number + 2)):
            return number
    return tail if tail < len(lines) else None


def _quoted_tail(lines: list[str]) -> int:
    """The index of the first of the quoted lines at the end; the number of lines where there are none."""
    tail = len(lines)
    for number in range(len(lines) - 1, -1, -1):
        if lines[number].startswith(">"):
            tail = number
        elif lines[number].strip():
            break
    return tail


def _wrote(lines: list[str], number: int) -> bool:
    """Whether a line like "... escreveu:" begins here; mail programs break it over several lines."""
    if not WROTE_BEGINS.fullmatch(lines[number][:500]):
        return False
    for line in lines[number : number + MOST_WROTE_LINES]:
        if not line.strip():
            return False
        if WROTE_ENDS.fullmatch(line[-300:]):
            return True
    return False


def _fields(lines: list[str], number: int) -> bool:
    first = FIELD.fullmatch(lines[number][:1000]) if number < len(lines) else None
    if first is None or first[1].lower() not in OPENING:
        return False
    return any(FIELD.fullmatch(line[:1000]) for line in lines[number + 1 : number + 3])


def _written_below(quoted: list[str]) -> int | None:
    """The index where an answer below or between the quoted lines begins; None where there is none."""
    marked = [number for number, line in enumerate(quoted) if line.startswith(">")]
    if not marked or not "".join(quoted[marked[-1] + 1 :]).strip():
        return None
    between = quoted[marked[0] : marked[-1]]
    return marked[0] if any(line.strip() and not line.startswith(">") for line in between) else marked[-1] + 1


def _without_signature(lines: list[str], keep: bool = False) -> str:
    """The lines without a phone's advertisement at the end and without the signature below "-- "; `keep` only trims
    them.
    """
    if keep:
        return "\n".join(lines).strip()
    for number, line in enumerate(lines):
        if SIGNATURE.fullmatch(line[:10]):
            lines = lines[:number]
            break
    end = len(lines)
    while end and (not lines[end - 1].strip() or SENT_FROM.fullmatch(lines[end - 1][:200])):
        end -= 1
    return "\n".join(lines[:end]).strip()
