"""The words of headers in other programs' files, and whether a header consists of them.

No framework, no store, no clock.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from services.chassis.texts import fold

JOINED = (
    (r"\bcgc\b", "cnpj"), (r"\bi e\b", "ie"),
    (r"\be ?mails?\b|\bcorreio eletronico\b", "email"), (r"\bwhats? app\b", "whatsapp"),
    (r"\b(insc|inscr|inscricao) (est|estadual)\b", "ie"),
)  # fmt: skip
COMMON = {
    *"aose",
    *["as", "os", "ou", "de", "da", "do", "das", "dos", "na", "no", "para", "com", "por", "of", "the", "for"],
}
PARTY = (
    "cliente clientes fornecedor fornecedores pessoa pessoas empresa contato contact customer client company person "
    "titular vendor supplier"
)
USE = (
    "principal principais secundario secundaria alternativo adicional adicionais comercial residencial pessoal "
    "particular trabalho casa cobranca faturamento financeiro fiscal outro outros outra work home other business main "
    "primary secondary personal additional preferencial padrao"
)
PHONES = (
    "telefone telefones fone fones tel tels celular celulares cel phone phones mobile cell cellphone telephone "
    "telephones whatsapp zap iphone movel"
)
CODES = "(cod|codigo|code|numero|n)"


@dataclass(frozen=True)
class Words:
    """Headers made of these words, in any order: at least one of `nouns`, and else only `beside` and COMMON words."""

    nouns: frozenset[str]
    beside: frozenset[str] = frozenset()

    @classmethod
    def of(cls, nouns: str, beside: str = "") -> Words:
        return cls(frozenset(nouns.split()), frozenset(beside.split()))

    def say(self, words: Collection[str]) -> bool:
        meant = {word for word in words if not word.isdecimal()} - COMMON
        return bool(meant & self.nouns) and meant <= self.nouns | self.beside


NO_WORDS = Words(frozenset())


def fold_header(text: str) -> str:
    """Lower-case words without accents or punctuation: "E-mail 1 - Value" is "e mail 1 value"."""
    return " ".join(re.findall(r"[^\W_]+", fold(text)))


def joined(folded: str) -> str:
    """The folded header with words in one spelling: "e mail" and "correio eletronico" become "email"."""
    for pattern, word in JOINED:
        folded = re.sub(pattern, word, folded)
    return folded
