"""The data that an NF-e lacks: each field with a sentence, and where it is completed (row S22, "see data").

No framework, store or clock may enter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from services.sales.fiscal.model import FiscalSettings, Place
from services.sales.nfe.model.parts import CONTRIBUTOR, FiscalProduct, Line, Recipient, total_of
from services.sales.nfe.model.text import digits, fitted

SETTINGS, ORDER = "PATCH /v1/settings/fiscal", "order"
# The layout's least length of a name, a street, a district, a city and a state registration.
LEAST = 2
# The layout's bounds of quantities and prices (TDec_1104v, TDec_1110v), and of amounts (TDec_1302).
LARGEST_FACTOR = Decimal(10) ** 11
LARGEST_AMOUNT = Decimal(10) ** 13


@dataclass(frozen=True)
class Missing:
    """`path` names the field; `complete_at` is the route that takes it, or `order` where the order itself is wrong."""

    path: str
    text: str
    complete_at: str


def missing_of(
    settings: FiscalSettings, numbered: bool, recipient: Recipient, lines: list[Line]
) -> list[Missing]:  # fmt: skip
    """The missing data; empty if a document can be built. `numbered`: the first number of the series is set."""
    interstate = recipient.address is not None and recipient.address.state != settings.address.state
    found = [*_of_issuer(settings, numbered), *_of_recipient(recipient)]
    for line in lines:
        found += _of_line(line, interstate)
    if total_of(lines) >= LARGEST_AMOUNT or sum(line.gross for line in lines) >= LARGEST_AMOUNT:
        found.append(Missing("total", "O total não cabe na NF-e.", ORDER))
    return found


def _of_issuer(settings: FiscalSettings, numbered: bool) -> Iterator[Missing]:
    texts = {
        "cnpj": (settings.cnpj, "o CNPJ da empresa"),
        "name": (len(fitted(settings.name, 60)) >= LEAST, "a razão social da empresa"),
        "state_registration": (
            len(digits(settings.state_registration)) >= LEAST,
            "a inscrição estadual da empresa",
        ),
        "operation": (fitted(settings.operation, 60), "a natureza da operação em letras latinas"),
        "regime": (settings.regime, "o regime tributário da empresa (CRT)"),
        "series": (settings.series is not None, "a série da NF-e"),
        "next_number": (numbered, "o próximo número da NF-e na série"),
    }
    for name, (value, words) in texts.items():
        if not value:
            yield Missing(f"issuer.{name}", f"Informe {words}.", SETTINGS)
    yield from _of_place("issuer", settings.address, SETTINGS, "da empresa")
    if not settings.address.postal_code:
        yield Missing("issuer.address.postal_code", "Informe o CEP do endereço da empresa.", SETTINGS)


def _of_recipient(recipient: Recipient) -> Iterator[Missing]:
    person, registration = f"/v1/persons/{recipient.person_id}", digits(recipient.state_registration)
    if len(fitted(recipient.name, 60)) < LEAST:
        text = "Informe o nome do cliente, com duas letras latinas ao menos."
        yield Missing("recipient.name", text, f"PATCH {person}")
    if not recipient.document:
        yield Missing("recipient.document", "Informe o CPF ou CNPJ do cliente.", f"PATCH {person}")
    if recipient.indicator is None or (recipient.indicator == CONTRIBUTOR and len(registration) < LEAST):
        text = "Informe a inscrição estadual do cliente, ou isento."
        yield Missing("recipient.state_registration", text, f"PATCH {person}")
    if recipient.address is None:
        yield Missing("recipient.address", "Informe o endereço principal do cliente.", f"POST {person}/addresses")
    else:
        yield from _of_place("recipient", recipient.address, f"PATCH {person}/addresses", "do cliente")


def _of_place(whose: str, place: Place, where: str, of_whom: str) -> Iterator[Missing]:
    texts = {
        "street": (len(fitted(place.street, 60)) >= LEAST, "o logradouro"),
        "district": (len(fitted(place.district, 60)) >= LEAST, "o bairro"),
        "city": (len(fitted(place.city, 60)) >= LEAST, "a cidade"),
        "city_code": (place.city_is_of_state, "o código IBGE do município"),
        "state": (place.state, "a UF"),
    }
    for name, (value, words) in texts.items():
        if not value:
            yield Missing(f"{whose}.address.{name}", f"Informe {words} do endereço {of_whom}.", where)


def _catalogue(product: FiscalProduct) -> str:
    """The route that completes a product; for a free item, the one that adds a product of its code."""
    return f"PATCH /v1/products/{product.product_id}" if product.product_id else "POST /v1/products"


def _of_line(line: Line, interstate: bool) -> Iterator[Missing]:
    path, name = f"items[{line.index}]", f"do produto {line.item.product}"
    cfop = "cfop_interstate" if interstate else "cfop"
    words = {
        "ncm": "o NCM",
        cfop: "o CFOP para fora do estado" if interstate else "o CFOP dentro do estado",
        "unit": "a unidade de medida",
        "origin": "a origem da mercadoria",
        "csosn": "o CSOSN",
    }
    for field, text in words.items():
        if not getattr(line.product, field):
            yield Missing(f"{path}.{field}", f"Informe {text} {name}.", _catalogue(line.product))
    for field, limit in (("product", 60), ("description", 120)):
        if not fitted(getattr(line.item, field), limit):
            yield Missing(f"{path}.{field}", f"O texto {name} não tem letras latinas.", ORDER)
    if not line.item.quantity:
        yield Missing(f"{path}.quantity", f"A quantidade {name} é zero.", ORDER)
    if max(line.item.quantity, line.item.unit_price) >= LARGEST_FACTOR or line.gross >= LARGEST_AMOUNT:
        yield Missing(f"{path}.total", f"Os valores {name} não cabem na NF-e.", ORDER)
