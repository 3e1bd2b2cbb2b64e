"""The variables of templates: the list that people read and the values of a document are one table."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.documents import formatting, processes
from gateway.documents.templating import rendered
from gateway.documents.variables import Facts, describe, samples, values
from services.sales.templates.model import TEMPLATE_KINDS, built_in

PERSON: dict[str, Any] = {
    "code": 7, "name": "João <Ação>", "trade_name": "Ação", "document": "11222333000181",
    "emails": [{"address": "a@b.example", "main": True}], "phones": [{"number": "+5541999998888", "main": True}],
    "contacts": [{"name": "Rita", "main": True}],
    "addresses": [{"kind": "main", "street": "Rua XV", "number": "10", "complement": "", "district": "Centro",
                   "city": "Curitiba", "state": "PR", "postal_code": "80020-310"}],
}  # fmt: skip
VERSION = {
    "number": 2, "made_at": "2031-03-05T01:00:00+00:00", "valid_until": None, "state": "in_approval", "notes": "",
    "made_by": {"id": "u1", "name": "Ana"}, "currency": "BRL",
    "basket": {"subtotal": "1270.0000", "total": "1200.00", "items": [
        {"code": "P", "description": "D", "quantity": "2.5000", "unit_price": "0.1234", "recurring": True,
         "total": "0.31", "discount": {"amount": None, "percent": "12.50"}},
        {"code": "P", "description": "D", "quantity": "1000", "unit_price": "1.5", "recurring": False,
         "total": "1495.00", "discount": {"amount": "5.00", "percent": "0"}},
    ]},
}  # fmt: skip
SOURCE: dict[str, Any] = {
    "quote": {"number": 12, "version": VERSION, "refused": None,
              "instalments": [{"due_on": "2031-03-05", "amount": "1200.00"}]},
    "opportunity": None, "actions": [{"due_on": None, "text": "Ligar"}], "today": "2031-03-05",
    "time_zone": "America/Sao_Paulo",
}  # fmt: skip
FACTS = Facts(SOURCE, PERSON, {"name": "Padaria"}, "Ana")


def shape(of: dict[str, Any]) -> set[str]:
    found = set()
    for name, value in of.items():
        if isinstance(value, list):
            found |= {f"{name}[].{column}" for row in value for column in row}
        else:
            found |= {f"{name}.{inner}" for inner in value} if isinstance(value, dict) else {name}
    return found


@pytest.mark.parametrize("kind", TEMPLATE_KINDS)
def test_what_is_listed_is_what_a_document_has(kind: str) -> None:
    names = [one["name"] for one in describe(kind)]
    assert len(names) == len(set(names))
    assert shape(values(kind, FACTS)) == shape(samples(kind)) == set(names)
    assert all(one["description"] and one["example"] for one in describe(kind))


@pytest.mark.parametrize("kind", TEMPLATE_KINDS)
def test_every_usage_works_as_it_is_listed(kind: str) -> None:
    for one in describe(kind):
        assert rendered(one["usage"], samples(kind), 1_000)
        rendered(one["usage"], values(kind, FACTS), 1_000)


@pytest.mark.parametrize("kind", TEMPLATE_KINDS)
def test_the_built_in_template_is_rendered_with_samples_and_with_a_bare_record(kind: str) -> None:
    made, bare = built_in(kind), Facts(SOURCE, {"name": "João <Ação>"}, {"name": ""}, "Ana")
    for given_values in (samples(kind), values(kind, FACTS), values(kind, bare)):
        paper = processes.render("padaria", made.subject, made.body, given_values)
        assert "<Ação>" not in paper.html
    assert "João &lt;Ação&gt;" in paper.html


def test_values_are_written_as_brazilians_write_them() -> None:
    found = values("quote", FACTS)
    assert found["proposta"] == {
        "numero": "12", "versao": "2", "data": "04/03/2031", "validade": "", "situacao": "Em aprovação",
        "subtotal": "R$ 1.270,00", "desconto": "R$ 70,00", "total": "R$ 1.200,00", "observacoes": "", "condicoes": "",
        "autor": "Ana",
    }  # fmt: skip
    assert found["itens"] == [
        {"produto": "P", "descricao": "D", "quantidade": "2,5", "unidade": "", "preco": "R$ 0,1234",
         "desconto": "12,5%", "total": "R$ 0,31", "mensal": "sim"},
        {"produto": "P", "descricao": "D", "quantidade": "1.000", "unidade": "", "preco": "R$ 1,50",
         "desconto": "R$ 5,00", "total": "R$ 1.495,00", "mensal": ""},
    ]  # fmt: skip
    assert found["cliente"]["endereco"] == "Rua XV, 10 - Centro, Curitiba/PR, 80020-310"
    assert found["cliente"]["documento"] == "11.222.333/0001-81"
    assert found["parcelas"] == [{"numero": "1", "vencimento": "05/03/2031", "valor": "R$ 1.200,00"}]


@given(st.decimals(min_value=0, max_value=10**12, places=4))
def test_no_amount_loses_a_digit(amount: Decimal) -> None:
    shown = formatting.money(amount, "BRL").removeprefix("R$ ").replace(".", "").replace(",", ".")
    assert Decimal(shown) == amount
    assert Decimal(formatting.quantity(str(amount)).replace(".", "").replace(",", ".")) == amount
