"""Persons as a CSV, asked for over HTTP."""

from __future__ import annotations

from tests.support.builders import people
from tests.support.stack.system import Client

EXPORT = "/v1/persons/export.csv"


def export(client: Client, **query: str) -> bytes:
    answer = client.request("GET", EXPORT, params=query)
    assert answer.ok, answer.text
    assert answer.headers["Content-Type"].startswith("text/csv")
    return answer.content


def full(client: Client, word: str) -> None:
    """Four persons of the word, with all that a CSV holds and all that spreadsheets stumble over."""
    client.register(
        f"{word} Açaí & Filhos",
        short_name=f"={word}",
        document=people.cnpj(),
        state_registration="isento",
        category_ids=["client", "supplier"],
        emails=[{"address": "a@x.example"}, {"address": "b@x.example", "main": True}],
        phones=[{"number": people.phone()}, {"number": "+1 650 253 0000"}, {"number": "1133334444", "main": True}],
        addresses=[
            {"street": "Rua; 1", "number": "10", "complement": 'casa "2"', "district": "Sé", "city": "São Paulo",
             "state": "SP", "postal_code": "01310-100"},
            {"kind": "billing", "street": "Rua 2", "city": "Niterói", "state": "RJ"},
        ],
        contacts=[{"name": "Rita", "role": "Compras", "email": "r@x.example", "phone": "21988887777"}, {"name": "Zé"}],
    )  # fmt: skip
    client.register(f"{word} Prospect")
    client.register(f"-{word}\nDuas linhas", document=people.cpf(), phones=[{"number": people.phone()}])
    client.register(f"'{word} apóstrofo", emails=[{"address": f"{word.lower()}@x.example"}])
