"""What the tests of NF-e share: a certificate of their own making, a company that may issue, complete customers."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from lxml import etree

from tests.support.builders import people, sales, sold
from tests.support.fakes.sefaz import NFE
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

PASSWORD = "senha do certificado"
PLACE = {"street": "Rua das Flores", "number": "12", "district": "Centro", "city": "São Paulo", "city_code": "3550308",
         "state": "SP", "postal_code": "01001-000"}  # fmt: skip
UNIT = "UN"
PRODUCT = {"ncm": "19059090", "cfop": "5102", "cfop_interstate": "6102", "origin": "0", "csosn": "102"}
REASON = "Pedido em duplicidade, desfeito pelo cliente."


def pkcs12_of(cnpj: str, days: int = 300, password: str = PASSWORD) -> bytes:
    """A self-signed certificate with its key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"EMPRESA DE TESTE:{cnpj}")])
    now = dt.datetime.now(dt.UTC)
    start, end = now - dt.timedelta(days=400), now + dt.timedelta(days=days)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(end)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    encryption = serialization.BestAvailableEncryption(password.encode())
    return pkcs12.serialize_key_and_certificates(b"teste", key, made, None, encryption)


def file_of(cnpj: str, **options: Any) -> dict[str, str]:
    """The body of PUT /v1/settings/fiscal-certificate."""
    return {"pkcs12": base64.b64encode(pkcs12_of(cnpj, **options)).decode(), "password": PASSWORD}


def issuer(client: Client, cnpj: str, **fields: Any) -> dict[str, Any]:
    """The company may issue from now on."""
    settings = {
        "cnpj": cnpj, "name": "Padaria Modelo Ltda.", "state_registration": "123456789012", "regime": 1,
        "address": PLACE, "series": 1, "next_number": 1, **fields,
    }  # fmt: skip
    found: dict[str, Any] = client.patch("/v1/settings/fiscal", settings)
    return found


def certified(system: System) -> Client:
    """A seller of a new company that may issue, and has a certificate."""
    client, cnpj = sales.newcomer(system), people.cnpj()
    issuer(client, cnpj)
    client.put("/v1/settings/fiscal-certificate", file_of(cnpj))
    return client


def customer(client: Client, **fields: Any) -> dict[str, Any]:
    body = {"document": people.cpf(), "addresses": [PLACE], **fields}
    return client.register(f"Compradora {people.unique_word()}", **body)


def product(client: Client, code: str, **fields: Any) -> dict[str, Any]:
    """The one of the catalogue, with these fiscal data."""
    known = client.get("/v1/products", params={"code": code})["items"]
    body = {"fiscal": {name: value for name, value in fields.items() if name != "unit"}}
    body |= {"unit": fields["unit"]} if "unit" in fields else {}
    if known:
        found: dict[str, Any] = client.patch(f"/v1/products/{known[0]['id']}", body)
        return found
    added: dict[str, Any] = client.post("/v1/products", {"code": code, "description": f"Produto {code}", **body})
    return added


def placed(client: Client, person: dict[str, Any], code: str = "BOLO-3", **fields: Any) -> dict[str, Any]:
    """An order of goods whose fiscal data is complete."""
    product(client, code, unit=UNIT, **PRODUCT)
    body = {"items": [sold.item(code=code)], **fields}
    order: dict[str, Any] = client.post(f"/v1/persons/{person['id']}/orders", body)
    return order


def at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(act, range(count)))


def becomes(client: Client, nfe: dict[str, Any], status: str, seconds: float = 30) -> dict[str, Any]:
    """The NF-e, once it is so and rests."""

    def there() -> bool:
        found = client.get(f"/v1/nfe/{nfe['id']}")
        return bool(found["state"] == status and not found["handed_over"])

    wait_for(there, seconds, f"the NF-e is {status}")
    found: dict[str, Any] = client.get(f"/v1/nfe/{nfe['id']}")
    return found


def settled(client: Client, path: str, pick: Any = None) -> dict[str, Any]:
    """What is there once the authority has answered."""

    def found() -> Any:
        answer = client.get(path)
        return answer["items"][0] if pick is None and "items" in answer else answer

    wait_for(lambda: found()["state"] != "requested", 30, "the authority's answer")
    settled_now: dict[str, Any] = found()
    return settled_now


def asked(client: Client, **fields: Any) -> dict[str, Any]:
    """The NF-e of a new order of a new customer."""
    order = placed(client, customer(client), **fields)
    nfe: dict[str, Any] = client.post(f"/v1/orders/{order['id']}/nfe", {})
    return nfe


def paths(found: dict[str, Any]) -> set[str]:
    """Of what is missing."""
    return {one["path"] for one in found["missing"]}


def xml_of(client: Client, nfe: dict[str, Any]) -> Any:
    answer = client.request("GET", f"/v1/nfe/{nfe['id']}/xml")
    assert answer.ok, answer.text
    return etree.fromstring(answer.content)


def value(document: Any, name: str) -> str:
    return str(document.findtext(f".//{{{NFE}}}{name}"))
