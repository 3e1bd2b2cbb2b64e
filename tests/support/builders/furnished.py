"""A company with one record of each kind, and what names it in the paths of the API: so a fuzzer gets past the 404s."""

from __future__ import annotations

from typing import Any

from tests.support.builders import attendance, fiscal, people, sales, sold
from tests.support.stack.system import Client

Known = dict[str, str | int]
CSV = b"Nome;E-mail\nMaria;maria@exemplo.example\n"


def furnish(client: Client) -> Known:
    """The id of a record for each name of a path's parameter."""
    known = _of_people(client)
    known |= _of_attendance(client, str(known["person_id"]))
    known |= _of_sales(client, str(known["person_id"]))
    return known


def _of_people(client: Client) -> Known:
    person = client.register(
        f"Cliente {people.unique_word()}", document=people.cpf(), short_name="Cliente",
        category_ids=["client", "representative"],
        emails=[{"address": "cliente@exemplo.example"}], phones=[{"number": people.phone()}],
        addresses=[fiscal.PLACE], contacts=[{"name": "Rita"}],
    )  # fmt: skip
    other = client.register(f"Outra {people.unique_word()}")
    related = {"related_id": other["id"], "kind": "partner"}
    made = {
        "category_id": client.post("/v1/categories", {"name": "Parceiro"}),
        "characteristic_id": client.post("/v1/characteristics", {"name": "Fiel"}),
        "relation_id": client.post(f"/v1/persons/{person['id']}/related", related),
        "role_id": client.post("/v1/roles", {"name": "Leitura", "permissions": ["people.read"]}),
        "user_id": _user(client),
        "key_id": client.post("/v1/keys", {
            "name": "Site", "permissions": ["people.read"], "expires_at": f"{sales.today(30)}T12:00:00Z",
        }),
        "import_id": _import(client),
    }  # fmt: skip
    return {
        "person_id": person["id"], "survivor_id": person["id"], "item_id": person["emails"][0]["id"],
        "code": person["code"], **{name: str(one["id"]) for name, one in made.items()},
    }  # fmt: skip


def _user(client: Client) -> dict[str, Any]:
    word = people.unique_word().lower()
    body = {"login": f"{word}@exemplo.example", "name": "Vera", "password": "quatro palavras bem longas"}
    roles = [one["id"] for one in client.get("/v1/roles")["items"]]
    found: dict[str, Any] = client.post("/v1/users", {**body, "role_ids": roles[:1]})
    return found


def _import(client: Client) -> dict[str, Any]:
    answer = client.request("POST", "/v1/persons/imports", files={"file": ("pessoas.csv", CSV, "text/csv")})
    assert answer.ok, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _of_attendance(client: Client, person_id: str) -> Known:
    setup = attendance.set_up(client, attachments_allowed=True)
    flow = client.post("/v1/flows", {"name": "Fluxo"})
    tag = client.post(f"/v1/flows/{flow['id']}/tags", {"name": "Urgente"})
    opened = client.post(
        f"/v1/persons/{person_id}/attendances", {"subject": "Visita", "type_id": setup.leaf, "flow_id": flow["id"]}
    )
    uploaded = client.request(
        "POST", f"/v1/attendances/{opened['id']}/attachments", params={"name": "nota.txt"}, data=b"nota",
        headers={"Content-Type": "application/octet-stream"},
    )  # fmt: skip
    assert uploaded.ok, uploaded.text
    return {
        "type_id": setup.leaf, "workflow_id": setup.workflow, "center_id": setup.triage, "cycle_id": setup.cycle,
        "flow_id": flow["id"], "tag_id": tag["id"], "attendance_id": opened["id"],
        "attachment_id": uploaded.json()["id"],
    }  # fmt: skip


def _of_sales(client: Client, person_id: str) -> Known:
    at = f"/v1/persons/{person_id}"
    opportunity = sold.opportunity(client, person_id)
    quote = sold.quote(client, opportunity["id"])
    order = client.post(f"{at}/orders", {"items": [sold.item(), sold.item(kind="service", code="MONTAGEM")]})
    today = sales.today()
    invoice = {"number": "1", "issued_on": today, "amount": "10.00"}
    template = {"name": "Proposta", "kind": "quote", "subject": "Proposta", "body": "<p>Oi</p>"}
    made = {
        "marker_id": client.post("/v1/markers", {"name": "Quente"}),
        "stage_id": client.post("/v1/stages", {"name": "Degustação"}),
        "action_id": client.post(f"/v1/opportunities/{opportunity['id']}/actions", {"text": "Ligar"}),
        "template_id": client.post("/v1/document-templates", template),
        "receivable_id": client.put(f"{at}/receivables/r1", {"amount": "10.00", "due_on": today}),
        "contract_id": client.put(f"{at}/contracts/c1", {"items": [sold.item()], "starts_on": today}),
        "service_order_id": client.put(
            f"{at}/service-orders/s1", {"items": [sold.item()], "opened_on": today, "description": "Montar"}
        ),
        "service_invoice_id": client.put(f"{at}/service-invoices/i1", invoice),
        "rate_id": client.put("/v1/commission-rates", {"kind": "person", "person_id": person_id, "percent": "5"}),
    }
    settle = f"/v1/receivables/{made['receivable_id']['id']}/settle"
    paid = client.post(settle, {"amount": "1.00"})["payments"][0]["id"]
    return {
        "payment_id": paid, "lost_reason_id": "price",
        "opportunity_id": opportunity["id"], "quote_id": quote["id"], "number": "1", "order_id": order["id"],
        "external_id": "r1", **{name: str(one["id"]) for name, one in made.items()}, **_nfe(client),
    }  # fmt: skip


def _nfe(client: Client) -> Known:
    cnpj = people.cnpj()
    client.put("/v1/settings/fiscal-certificate", fiscal.file_of(cnpj))
    fiscal.issuer(client, cnpj)
    order = fiscal.placed(client, fiscal.customer(client))
    return {"nfe_id": client.post(f"/v1/orders/{order['id']}/nfe", None)["id"]}
