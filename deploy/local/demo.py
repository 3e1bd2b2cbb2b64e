"""Demonstration data for two companies, over HTTP as any client would: `python -m deploy.local.demo --gateway URL`.

Every call carries a key made of its place in the data, so that a second run makes no doubles. The names are Faker's,
with a fixed seed. Prints, last, the id of a person worth looking at.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from faker import Faker

from deploy.local.whatsapp.phone import ACCOUNT_FILE

PERSONS = 20
ZONE = ZoneInfo("America/Sao_Paulo")
# fixed, so that a rerun sends the same bodies with the same keys
FIRST_DAY = date(2026, 1, 5)


@dataclass(frozen=True)
class DemoCompany:
    code: str
    name: str
    login: str
    user: str
    seed: int
    subjects: tuple[str, ...]
    offers: tuple[str, ...] = field(default=())


COMPANIES = (
    DemoCompany(
        "padaria",
        "Padaria Pão Nosso",
        "ana@padaria.example",
        "Ana Souza",
        1,
        ("Encomenda de bolo", "Entrega de pães", "Dúvida sobre nota fiscal", "Café da manhã da empresa"),
        ("Fornecimento diário de pães", "Mesa de doces para evento", "Cesta de Natal"),
    ),
    DemoCompany(
        "oficina",
        "Oficina do Bruno",
        "bruno@oficina.example",
        "Bruno Lima",
        2,
        ("Barulho na suspensão", "Revisão de 40 mil km", "Orçamento de pintura", "Troca de pneus"),
        ("Contrato de frota", "Revisão anual", "Pacote de quatro pneus"),
    ),
)


def password() -> str:
    return os.environ.get("VINCULO_DEMO_PASSWORD") or "vinculo-demo-2026"


class Client:
    """The gateway, signed in as a company's user."""

    def __init__(self, gateway: str, company: DemoCompany) -> None:
        self._gateway = gateway.rstrip("/")
        self._company = company
        self._token = ""
        session = self.send("POST", "/v1/session", "session", {"login": company.login, "password": password()})
        self._token = session["access_token"]

    def send(self, method: str, path: str, key: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """`key`: the call's place in the data; the Idempotency-Key is made of it.

        A part of a record is put in any version: nobody else is there yet.
        """
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if method == "PUT":
            headers["If-Match"] = "*"
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
            name = f"vinculo-demo:{self._company.code}:{key}"
            headers["Idempotency-Key"] = str(uuid.uuid5(uuid.NAMESPACE_URL, name))
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self._gateway + path, data, headers, method=method)  # noqa: S310 (http only)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 (http only)
                answer: dict[str, Any] = json.loads(response.read() or b"{}")
        except urllib.error.HTTPError as error:
            sys.exit(f"{method} {path}: {error.code} {error.read().decode(errors='replace')}")
        return answer


def person(fake: Faker, number: int) -> dict[str, Any]:
    """Two persons, then a company, and so on."""
    is_company = number % 3 == 2
    name = fake.unique.company() if is_company else fake.unique.name()
    return {
        "name": name,
        "short_name": name.split()[0].strip(",")[:60],
        "document": fake.unique.cnpj() if is_company else fake.unique.cpf(),
        "state_registration": "isento",
        "category_ids": ["client"],
        "emails": [{"address": f"cliente{number + 1}@exemplo.example", "main": True}],
        "phones": [{"number": f"(11) 9{fake.random_int(6000, 9999)}-{fake.random_int(1000, 9999)}", "main": True}],
        "addresses": [
            {
                "kind": "main",
                "street": fake.street_name(),
                "number": str(fake.random_int(1, 2000)),
                "district": fake.bairro(),
                "city": fake.city(),
                "state": fake.estado_sigla(),
                "postal_code": fake.postcode(),
            }
        ],
    }


def fill(client: Client, company: DemoCompany) -> str:
    """All of one company; the id of its first person, who has something of everything."""
    fake = Faker("pt_BR")
    fake.seed_instance(company.seed)
    ids = []
    for number in range(PERSONS):
        body = person(fake, number)
        ids.append(client.send("POST", "/v1/persons", f"person-{number}", body)["id"])
        if number == 0:
            client.send("PUT", f"/v1/persons/{ids[0]}/watchers/me", "watch-0")
        converse(client, company, ids[number], number)
        if number % 2 == 0:
            offer(client, company, ids[number], number)
        if number % 3 == 0:
            book(client, company, ids[number], number)
    return str(ids[0])


def converse(client: Client, company: DemoCompany, person_id: str, number: int) -> None:
    title = company.subjects[number % len(company.subjects)]
    body = {"subject": title, "text": f"Cliente entrou em contato: {title.lower()}."}
    opened = client.send("POST", f"/v1/persons/{person_id}/attendances", f"attendance-{number}", body)
    for step, text in enumerate(("Retornei a ligação e combinamos os detalhes.", "Cliente confirmou por e-mail.")):
        if number % 2 >= step:
            client.send("POST", f"/v1/attendances/{opened['id']}/entries", f"entry-{number}-{step}", {"text": text})


def offer(client: Client, company: DemoCompany, person_id: str, number: int) -> None:
    """An opportunity with what to do next; most of them further down the funnel."""
    body = {
        "subject": company.offers[number % len(company.offers)],
        "amount": f"{500 + 125 * number}.00",
        "contact_date": str(FIRST_DAY + timedelta(days=number)),
    }
    made = client.send("POST", f"/v1/persons/{person_id}/opportunities", f"opportunity-{number}", body)
    path = f"/v1/opportunities/{made['id']}"
    action = {"kind": "call", "text": "Ligar para combinar os detalhes.", "assignee_id": "me"}
    client.send("POST", f"{path}/actions", f"action-{number}", action)
    stages = client.send("GET", "/v1/stages", f"stages-{number}")["items"]
    if number % 8:
        client.send("PUT", f"{path}/stage", f"stage-{number}", {"stage_id": stages[number % 4]["id"]})
    if number == 0:
        marker = client.send("POST", "/v1/markers", "marker", {"name": "Quente", "colour": "#ff8800"})
        client.send("POST", "/v1/opportunities/markers", "mark-0", {"ids": [made["id"]], "add": [marker["id"]]})


def book(client: Client, company: DemoCompany, person_id: str, number: int) -> None:
    starts = datetime.combine(FIRST_DAY + timedelta(days=number), time(9 + number % 8), ZONE)
    body = {
        "kind": "Visita",
        "subject": company.subjects[number % len(company.subjects)],
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=1)).isoformat(),
    }
    client.send("POST", f"/v1/persons/{person_id}/appointments", f"appointment-{number}", body)


def connect_whatsapp(client: Client, gateway: str, folder: Path) -> None:
    """The company's account is that of the stand-in (deploy/local/whatsapp), which calls back at the gateway."""
    standin = json.loads((folder / ACCOUNT_FILE).read_text())
    account = client.send("PUT", "/v1/settings/whatsapp-account", "whatsapp", standin["account"])
    told = {"url": f"{gateway}{account['callback_path']}", "verify_token": standin["account"]["verify_token"]}
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{standin['url']}/inscricao", json.dumps(told).encode(), headers)  # noqa: S310 (http only)
    urllib.request.urlopen(request, timeout=30).close()  # noqa: S310 (http only)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m deploy.local.demo", description=__doc__)
    parser.add_argument("--gateway", default="http://127.0.0.1:8000")
    parser.add_argument("--whatsapp", type=Path, help="the folder of the stand-in, for the first company's account")
    options = parser.parse_args()
    clients = [Client(options.gateway, company) for company in COMPANIES]
    worth_looking_at = [fill(*one) for one in zip(clients, COMPANIES, strict=True)]
    if options.whatsapp:
        connect_whatsapp(clients[0], options.gateway, options.whatsapp)
    print(f"demo: {PERSONS} persons in each of {len(COMPANIES)} companies; one is {worth_looking_at[0]}")


if __name__ == "__main__":
    main()
