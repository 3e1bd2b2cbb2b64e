"""The columns of a CSV of products: recognising headers, and reading cells (row S24).

No framework, store or clock may enter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.chassis.texts import fold_name
from services.sales.shared.items import ALWAYS, BY_SALE, GOODS, NEVER, SERVICE

Value = str | bool
Read = Callable[[str, bool], Value]
MONEY = re.compile(r"(?:R\$|US\$|\$|€)?\s*([0-9][0-9.,]*)")
GROUPED = re.compile(r"[0-9]{1,3}(\.[0-9]{3})*(,[0-9]+)?")
YES, NO = ("sim", "s", "1", "x", "true", "verdadeiro"), ("nao", "n", "0", "false", "falso")


class UnreadableCell(Exception):
    """A cell that cannot be read; the text (Portuguese) does not repeat its value."""


def _text(cell: str, by_comma: bool) -> Value:
    return cell


def _digits(cell: str, by_comma: bool) -> Value:
    """Without points, blanks and hyphens."""
    return re.sub(r"[.\s-]", "", cell)


def _ncm(cell: str, by_comma: bool) -> Value:
    """Eight digits; a leading zero that a spreadsheet removed is restored."""
    digits = str(_digits(cell, by_comma))
    return digits.zfill(8) if len(digits) == 7 else digits


def _price(cell: str, by_comma: bool) -> Value:
    """A decimal with a point. `by_comma`: the file has decimal commas, so that a point groups thousands."""
    found = MONEY.fullmatch(cell.strip())
    if found is None:
        raise UnreadableCell("não é um valor.")
    text = found[1]
    if "," in text or by_comma:
        if "," not in text and not GROUPED.fullmatch(text):
            return text  # as 12.5 among those with commas
        if not GROUPED.fullmatch(text) and "." in text:
            raise UnreadableCell("não é um valor.")
        return text.replace(".", "").replace(",", ".")
    if re.fullmatch(r"[0-9]{1,3}\.[0-9]{3}", text):
        raise UnreadableCell("pode ser mil ou decimal; escreva com vírgula (1234,00).")
    return text


def _one_of(words: Mapping[str, Value]) -> Read:
    def read(cell: str, by_comma: bool) -> Value:
        found = words.get(fold_name(cell))
        if found is None:
            raise UnreadableCell("palavra desconhecida.")
        return found

    return read


def _upper(cell: str, by_comma: bool) -> Value:
    return cell.upper()


_FLAG: dict[str, Value] = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}
_KINDS: dict[str, Value] = {
    **dict.fromkeys(("produto", "mercadoria", "material", "p", GOODS), GOODS),
    **dict.fromkeys(("servico", "s", SERVICE), SERVICE),
}
_RULES: dict[str, Value] = {
    **dict.fromkeys(("sempre", ALWAYS), ALWAYS),
    **dict.fromkeys(("nunca", NEVER), NEVER),
    **dict.fromkeys(("pela venda", "por venda", BY_SALE), BY_SALE),
}
_STATES: dict[str, Value] = {**_FLAG, "ativo": True, "a": True, "active": True,
                             "inativo": False, "i": False, "inactive": False}  # fmt: skip
_CURRENCIES: dict[str, Value] = {"r$": "BRL", "brl": "BRL", "real": "BRL", "us$": "USD", "usd": "USD", "dolar": "USD",
                                 "eur": "EUR", "euro": "EUR"}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """`title`: the name in messages. `titles`: accepted headers, in lower case without accents."""

    title: str
    titles: tuple[str, ...]
    read: Read = _text


FISCAL = ("ncm", "cfop", "cfop_interstate", "origin", "csosn", "gtin")
FIELDS: dict[str, Field] = {
    "code": Field("Código", ("codigo", "codigo do produto", "cod", "cod.", "sku", "referencia", "ref", "code",
                             "codigo (sku)", "id do produto")),
    "description": Field("Descrição", ("descricao", "descricao do produto", "produto", "nome", "nome do produto",
                                       "description", "name")),
    "unit": Field("Unidade", ("unidade", "un", "un.", "und", "unid", "unidade de medida", "unit"), _upper),
    "price": Field("Preço", ("preco", "preco de venda", "preco unitario", "valor", "valor de venda",
                             "valor unitario", "price"), _price),
    "currency": Field("Moeda", ("moeda", "currency"), _one_of(_CURRENCIES)),
    "kind": Field("Tipo", ("tipo", "tipo do produto", "produto ou servico", "kind"), _one_of(_KINDS)),
    "recurring": Field("Recorrente", ("recorrente", "mensal", "recurring"), _one_of(_FLAG)),
    "surplus_rule": Field("Excedente", ("excedente", "regra de excedente", "surplus_rule"), _one_of(_RULES)),
    "active": Field("Situação", ("situacao", "ativo", "status", "state"), _one_of(_STATES)),
    "ncm": Field("NCM", ("ncm", "classificacao fiscal", "codigo ncm"), _ncm),
    "cfop": Field("CFOP", ("cfop", "cfop dentro do estado", "cfop interno"), _digits),
    "cfop_interstate": Field("CFOP para fora do estado", ("cfop para fora do estado", "cfop interestadual",
                                                          "cfop_interstate"), _digits),
    "origin": Field("Origem", ("origem", "origem da mercadoria", "origin")),
    "csosn": Field("CSOSN", ("csosn",), _digits),
    "gtin": Field("GTIN", ("gtin", "gtin/ean", "ean", "codigo de barras"), _digits),
}  # fmt: skip
_BY_TITLE = {title: name for name, one in FIELDS.items() for title in one.titles}


def field_of(header: str) -> str | None:
    """The field of a column by its header; None for an unknown one."""
    return _BY_TITLE.get(fold_name(header))
