"""Documents, phones and folded words: each value has one normal form.

Only the library python-stdnum may enter; no framework, no store, no clock.
"""

from __future__ import annotations

import re

from stdnum.br import cnpj, cpf

from services.chassis.errors import Invalid
from services.chassis.phones import Phone, read_phone
from services.chassis.texts import fold

CPF_LENGTH = 11
# Initials in one token (A.B.C., S/A), and a single letter with or without a point.
MARKED = re.compile(r"[^\W\d_](?:[./&][^\W\d_])+[.,;]?")
LETTER = re.compile(r"([^\W\d_])(\.?),?")
APOSTROPHES = re.compile(r"(?<=\w)['’`´](?=\w)")


def refused(code: str, detail: str, field: str) -> Invalid:
    """The refusal of one field."""
    return Invalid(code, detail, fields={field: [detail]})


def words(text: str) -> list[str]:
    """The folded words of a text, each once, in order."""
    return list(dict.fromkeys(re.findall(r"[^\W_]+", fold(text))))


def joined_words(text: str) -> list[str]:
    """The words with an apostrophe, folded as people type them without it: "D'Ávila" gives "davila"."""
    whole = [word for word in text.split() if APOSTROPHES.search(word)]
    return words(APOSTROPHES.sub("", " ".join(whole)))


def initials(text: str, pointed: bool = False) -> tuple[list[str], str]:
    """The initials in a text, each run as one folded word, and the other words: "A.B.C. Comércio S/A" has "abc", "sa".

    A run of letters with blanks between counts too; with `pointed` only if its letters have points.
    """
    found, others, run = list[str](), list[str](), list[str]()
    for token in [*text.split(), ""]:
        letter = LETTER.fullmatch(token)
        if letter and (letter[2] or not pointed):
            run.append(letter[1])
            continue
        (found if len(run) > 1 else others).append("".join(run))
        run = []
        (found if MARKED.fullmatch(token) else others).append(token)
    return [word for one in found for word in words(re.sub(r"\W", "", one))], " ".join(others)


def find_document(text: str) -> str | None:
    """The compact CPF or CNPJ (numeric or alphanumeric) when its check digits are right, else None."""
    if not text.isascii():
        return None
    compact = cnpj.compact(text)
    if len(set(compact)) <= 1:  # 111.111.111-11 has right check digits, and belongs to nobody
        return None
    return compact if cpf.is_valid(compact) or cnpj.is_valid(compact) else None


def normalise_document(text: str) -> str:
    """The compact CPF or CNPJ; raises Invalid("document_invalid")."""
    document = find_document(text)
    if document is None:
        raise refused("document_invalid", "CPF ou CNPJ inválido.", "document")
    return document


def is_cnpj(document: str | None) -> bool:
    return bool(document) and len(document or "") > CPF_LENGTH


def find_phone(text: str) -> str | None:
    """A Brazilian or international phone in E.164, or None (services/chassis/phones.py)."""
    phone = read_phone(text)
    return phone.number if phone else None


def normalise_phone(text: str) -> Phone:
    """The phone with its extension; raises Invalid("phone_invalid")."""
    phone = read_phone(text)
    if phone is None:
        raise refused("phone_invalid", f"Telefone inválido: {text}. Informe o DDD e o número.", "phones")
    return phone
