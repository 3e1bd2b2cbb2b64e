"""Row G4: asked with another company's ids, every operation of the API answers 404 or nothing, and changes nothing.

Made from /openapi.json: an operation that is added later is asked too.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
import requests

from deploy.local.whatsapp import customer
from deploy.local.whatsapp.phone import Media
from tests.contract.write_openapi import COMMITTED
from tests.support.builders import commission, documents, fiscal, inbound, mailings, people, rights, sales, users
from tests.support.builders import sold as builders_sold
from tests.support.builders.attendance import put, set_up
from tests.support.builders.commission import Seller
from tests.support.builders.csv_import import upload
from tests.support.fakes.whatsapp import CloudApi
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import SERVICES, Client, System

BODIES: dict[str, dict[str, Any]] = {
    "addresses": {"street": "Rua", "city": "Curitiba", "state": "PR"},
    "start": {},
    "contacts": {"name": "Rita"},
    "emails": {"address": "rita@x.example"},
    "phones": {"number": "(11) 98765-4321"},
    "related": {"related_id": "any", "kind": "partner"},
    "inactivate": {"reason": "x"},
    "attendances": {"subject": "Visita"},
    "entries": {"text": "Parecer"},
    "move": {"answer": "sim", "position": 0},
    "cycle": {"answers": {"q": "x"}},
    "draft": {"content": {"text": "x"}},
    "attendance-draft": {"content": {"text": "x"}},
    "attendances/{attendance_id}": {"subject": "Outro"},
    "responsibility-centers/{center_id}": {"name": "Outro"},
    "workflows/{workflow_id}": {"name": "Outro"},
    "service-cycles/{cycle_id}": {"name": "Outro", "centers": []},
    "attendance-types/{type_id}": {"name": "Outro", "kind": "leaf"},
    "opportunities": {"subject": "Forno"},
    "appointments": {"kind": "visita", "subject": "x", "starts_at": "2031-03-05T12:00:00Z",
                     "ends_at": "2031-03-05T13:00:00Z"},
    "quotes": builders_sold.offer(), "versions": builders_sold.offer("90.00"), "orders": builders_sold.offer(),
    "cancel": {"reason": "Pedido desfeito pelo cliente."}, "reject": {"reason": "x"}, "settle": {},
    "reverse": {"reason": "x"}, "withdraw": {"reason": "x"},
    "lost-reasons/{lost_reason_id}": {"name": "Outro motivo nosso"},
    "nfe": {}, "finish": {}, "corrections": {"text": "Leia-se no endereço: Rua das Flores."},
    "receivables/{external_id}": {"due_on": "2031-03-05", "amount": "1.00"},
    "contracts/{external_id}": {"items": [builders_sold.item()], "starts_on": "2031-03-05"},
    "service-orders/{external_id}": {"description": "x", "items": [builders_sold.item()], "opened_on": "2031-03-05"},
    "service-invoices/{external_id}": {"number": "1", "issued_on": "2031-03-05", "amount": "1.00"},
    "suspend": {"reason": "x"},
    "stop": {"reason": "x"},
    "users/{user_id}": {"name": "Outro"},
    "membership": {"role_ids": ["viewer"]},
    "password": {"password": users.LONG},
    "roles/{role_id}": {"name": "Outro"},
    "merge": {"person_id": "x", "survivor_version": 1, "person_version": 1},
    "consents": {"purpose": "marketing", "channel": "sms", "given": True, "source": "formulário"},
    "erasure": {"reason": "Pedido", "legal_request": "Protocolo 1"},
    "tags": {"name": "Quente"}, "tag-order": {"tag_ids": []}, "tag-links": {"attendance_ids": ["x"]},
    "flow": {"flow_id": "x"}, "forward": {},
    "close-as-won": {"items": [builders_sold.item()]}, "close-as-lost": {"lost_reason_id": "price"},
    "reopen": {"reason": "x"},
    "actions": {"text": "Ligar"},
    "state": {"state": "done"},
    "stage": {"stage_id": "x"},
    "webhooks/{webhook_id}": {"description": "x"}, "redeliver": {"since": "2026-01-01T00:00:00Z"},
    "mailings/{mailing_id}": {"subject": "x"},
    "mail-templates/{mail_template_id}": {"name": "x"}, "fill": {"person_id": "x"},
    "mails": {"to": ["x@x.example"], "subject": "x", "text": "x"}, "whatsapp-messages": {"text": "x"},
    "assign": {"person_id": "x"}, "send": {}, "document-templates/{template_id}": {"name": "Outro"},
}  # fmt: skip


Ids = dict[str, str]


@pytest.fixture(scope="module")
def ids(system: System, ana: Client, whatsapp: CloudApi) -> Ids:
    """Of the bakery, by path parameter: something of everything, each context's own after what it needs."""
    made = _of_people(ana)
    made |= _of_attendance(ana, made["person_id"])
    made |= _of_sales(ana, made["person_id"], made["attendance_id"])
    booked = {**BODIES["appointments"], "opportunity_id": made["opportunity_id"]}
    made["appointment_id"] = ana.post(f"/v1/persons/{made['person_id']}/appointments", booked)["id"]
    ana.put(f"/v1/persons/{made['person_id']}/watchers/me", {"own_actions": True})
    made |= _of_services_and_nfe(ana, made["person_id"])
    made |= _of_users(ana)
    made["message_id"] = inbound.waiting(system, ana)
    made |= _of_notifications(ana, made["person_id"])
    made["picture_id"] = _of_whatsapp(ana, whatsapp, made["person_id"])
    made |= _of_commissions(system, ana)
    made |= _rights(ana, made["person_id"])
    _quiet(system)
    return made | _of_an_action(system, ana, made["opportunity_id"])


def _of_people(ana: Client) -> Ids:
    lists = {"addresses": [BODIES["addresses"]], "phones": [{"number": people.phone(), "main": True}]}
    registered = ana.register(f"Nossa {people.unique_word()}", document=people.cpf(), **lists)
    related = {"related_id": ana.register("Parente")["id"], "kind": "relative"}
    return {
        "person_id": registered["id"],
        "survivor_id": registered["id"],
        "code": registered["code"],
        "item_id": registered["addresses"][0]["id"],
        "relation_id": ana.post(f"/v1/persons/{registered['id']}/related", related)["id"],
        "category_id": ana.post("/v1/categories", {"name": people.unique_word()})["id"],
        "characteristic_id": ana.post("/v1/characteristics", {"name": people.unique_word()})["id"],
        "import_id": upload(ana, f"nome\n{people.unique_word()}\n")["id"],
    }


def _of_notifications(ana: Client, person: str) -> Ids:
    """The webhook is paused: it would move its place in the feed while others are looked at."""
    webhook = ana.post("/v1/webhooks", {"url": "https://x.example/vinculo"})["id"]
    ana.patch(f"/v1/webhooks/{webhook}", {"state": "paused"})
    template = {"name": people.unique_word(), "subject": "x", "text": "x"}
    mailing = mailings.create(ana, None, kind="after_sale", filter={"person_ids": [person]})["id"]
    mailings.gathered(ana, mailing)
    made = {"webhook_id": webhook, "mailing_id": mailing}
    return {**made, "mail_template_id": ana.post("/v1/mail-templates", template)["id"]}


def _of_whatsapp(ana: Client, whatsapp: CloudApi, person: str) -> str:
    """The message with which the customer sent a picture."""
    whatsapp.connect(ana)
    number = ana.get(f"/v1/persons/{person}")["phones"][0]["number"]
    customer.send_file(whatsapp, number, "image", Media("77", "image/png", customer.PICTURE), "A foto", "Rita")
    path = f"/v1/persons/{person}/whatsapp-messages"

    def kept() -> bool:
        (message,) = ana.get(path)["items"]
        return ana.request("GET", f"{path}/{message['id']}/file").ok

    wait_for(lambda: ana.get(path)["items"] and kept(), what="the picture")
    return str(ana.get(path)["items"][0]["id"])


def _of_attendance(ana: Client, person: str) -> Ids:
    """A set-up, and an attendance with a file and drafts in a flow."""
    shop = set_up(ana, attachments_allowed=True, standard_texts=[{"id": "um", "name": "Um", "text": "Olá."}])
    flow = ana.post("/v1/flows", {"name": f"Nosso {people.unique_word()}"})["id"]
    tag = ana.post(f"/v1/flows/{flow}/tags", {"name": "Quente"})["id"]
    body = {"subject": "Visita", "text": "Parecer", "type_id": shop.leaf, "flow_id": flow, "tag_ids": [tag]}
    attendance = ana.post(f"/v1/persons/{person}/attendances", body)["id"]
    attachment = attached(ana, attendance)  # before the draft, which an entry discards
    for draft in (f"/v1/attendances/{attendance}/draft", f"/v1/persons/{person}/attendance-draft"):
        put(ana, draft, {"content": {"text": "Rascunho"}})
    return {
        "attendance_id": attendance,
        "attachment_id": attachment,
        "flow_id": flow,
        "tag_id": tag,
        "center_id": shop.triage,
        "workflow_id": shop.workflow,
        "cycle_id": shop.cycle,
        "type_id": shop.leaf,
    }


def _of_sales(ana: Client, person: str, attendance: str) -> Ids:
    """An opportunity with its conversation; what is sold in the attendance."""
    path = f"/v1/persons/{person}"
    opportunity = ana.post(f"{path}/opportunities", {"subject": "Forno"})
    wait_for(lambda: ana.request("GET", f"/v1/attendances/{opportunity['attendance_id']}").ok, what="conversation")
    sold = {**builders_sold.offer(), "attendance_id": attendance}
    quote = ana.post(f"/v1/attendances/{attendance}/quotes", builders_sold.offer())["id"]
    for paper in (f"quotes/{quote}/versions/1/send", f"opportunities/{opportunity['id']}/visit-sheet/send"):
        ana.post(f"/v1/{paper}", {"to": ["ana@padaria.example"]})
    mails = {"person_id": person, "channel": "email"}
    wait_for(lambda: ana.get("/v1/deliveries", params=mails)["items"], what="a delivery")
    return {
        "opportunity_id": opportunity["id"],
        "quote_id": quote,
        "link_id": ana.post(f"/v1/quotes/{quote}/links", {})["id"],
        "product_id": ana.post("/v1/products", {"code": people.unique_word(), "description": "Bolo"})["id"],
        "delivery_id": ana.get("/v1/deliveries", params=mails)["items"][0]["id"],
        "template_id": documents.template(ana, "<p>{{ cliente.nome }}</p>")["id"],
        "number": "1",
        "order_id": ana.post(f"{path}/orders", sold)["id"],
        "receivable_id": ana.get(f"{path}/receivables")["items"][0]["id"],
        "contract_id": ana.put(f"{path}/contracts/ERP-2", BODIES["contracts/{external_id}"])["id"],
        "external_id": "ERP-1",
        "stage_id": ana.post("/v1/stages", {"name": people.unique_word()})["id"],
        "marker_id": ana.post("/v1/markers", {"name": people.unique_word()})["id"],
        "lost_reason_id": ana.post("/v1/lost-reasons", {"name": people.unique_word()})["id"],
    }


def _of_users(ana: Client) -> Ids:
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(days=30)
    key = {"name": "ERP", "permissions": ["people.read"], "expires_at": soon.isoformat()}
    role = {"name": people.unique_word(), "permissions": ["people.read"]}
    return {
        "user_id": users.create(ana, "viewer")["id"],
        "role_id": ana.post("/v1/roles", role)["id"],
        "key_id": ana.post("/v1/keys", key)["id"],
    }


def _of_commissions(system: System, ana: Client) -> Ids:
    """A seller's closing with its entry."""
    seller = Seller(system, ana)
    rate = commission.rate(ana, "5", person_id=seller.person)
    customer = ana.register(people.unique_word())["id"]
    seller.client.post(f"/v1/persons/{customer}/orders", builders_sold.offer())
    [title] = ana.get(f"/v1/persons/{customer}/receivables")["items"]
    ana.post(f"/v1/receivables/{title['id']}/settle", {})
    closing = commission.close(ana, seller.person)
    paid = ana.get(f"/v1/receivables/{title['id']}")["payments"][0]["id"]
    return {
        "payment_id": paid,
        "rate_id": rate["id"],
        "closing_id": closing["id"],
        "commission_entry_id": seller.entries("closed")[0]["id"],
    }


def _of_an_action(system: System, ana: Client, opportunity: str) -> Ids:
    """Once the bus is quiet: the action is told in the conversation."""
    action = ana.post(f"/v1/opportunities/{opportunity}/actions", {"text": "Ligar"})
    entries = f"/v1/attendances/{action['attendance_id']}/entries"
    wait_for(lambda: ana.get(entries)["items"], what="the action's entry")
    _quiet(system)
    return {"action_id": action["id"]}


def _quiet(system: System) -> None:
    wait_for(lambda: not any(system.mongo(name)["outbox"].find_one() for name in SERVICES), what="a quiet bus")


def takes_body(verb: str, template: str) -> bool:
    """Data that an operation does not read is refused before anything is asked."""
    found: dict[str, Any] = json.loads(COMMITTED.read_text())["paths"][template][verb]
    return "requestBody" in found


def body_of(template: str) -> dict[str, Any] | None:
    """By the path's last word; one that ends in an id, by its last two, an item of a list as it was added."""
    *_, word, last = template.split("/")
    if last == "{item_id}":
        return BODIES.get(word)
    return BODIES.get(f"{word}/{last}" if last.startswith("{") else last)


def _rights(ana: Client, person: str) -> Ids:
    """Something in each list of row P7; a person to merge, and an erased one."""
    other, merged, erased = (ana.register(f"{name} {people.unique_word()}")["id"] for name in ("Outra", "Unida", "Ida"))
    ana.post(f"/v1/persons/{person}/consents", {**BODIES["consents"], "channel": "email"})
    rights.merge(ana, person, merged)
    ana.post(f"/v1/persons/{erased}/erasure", BODIES["erasure"])
    wait_for(lambda: ana.get(f"/v1/persons/{erased}/erasure")["state"] == "done", 60, "an erasure")
    ana.get(f"/v1/persons/{person}")
    wait_for(lambda: ana.get(f"/v1/persons/{person}/looks")["items"], what="a look")
    return {"other_id": other, "erased_id": erased}


def _of_services_and_nfe(ana: Client, person: str) -> Ids:
    """A service order, a service invoice; and an authorised NF-e, of a customer of whom all is known."""
    put = {what: ana.put(f"/v1/persons/{person}/{what}/ERP-3", BODIES[f"{what}/{{external_id}}"])["id"]
           for what in ("service-orders", "service-invoices")}  # fmt: skip
    cnpj = people.cnpj()
    fiscal.issuer(ana, cnpj, next_number=2)
    ana.put("/v1/settings/fiscal-certificate", fiscal.file_of(cnpj))
    buyer = fiscal.customer(ana)
    asked = ana.post(f"/v1/orders/{fiscal.placed(ana, buyer)['id']}/nfe", {})
    nfe = fiscal.becomes(ana, asked, "authorised")["id"]
    ana.post(f"/v1/nfe/{nfe}/corrections", BODIES["corrections"])
    fiscal.settled(ana, f"/v1/nfe/{nfe}/corrections")
    voided = ana.post("/v1/nfe-voidings", {"first": 1, "last": 1, "reason": "Número pulado por engano."})["id"]
    fiscal.settled(ana, f"/v1/nfe-voidings/{voided}", pick=True)
    return {
        "buyer_id": buyer["id"],
        "voiding_id": voided,
        "service_order_id": put["service-orders"],
        "service_invoice_id": put["service-invoices"],
        "nfe_id": nfe,
        "period": "2031-03",
    }


def url_of(template: str, ids: Ids) -> str:
    whose = {"erasure": "erased_id", "nfe": "buyer_id"}.get(template.rsplit("/", 1)[1], "person_id")
    message = ids["picture_id" if "/whatsapp-messages/" in template else "message_id"]
    own = {**ids, "person_id": ids[whose], "message_id": message}
    queries = {"merge-preview": f"?person_id={ids['other_id']}", "attendance-attachments": "?dedup_key=x"}
    return template.format(**own) + queries.get(template.rsplit("/", 1)[1], "")


def attached(ana: Client, attendance: str) -> str:
    """A file, recorded with an entry."""
    path = f"/v1/attendances/{attendance}"
    file = ana.request("POST", f"{path}/attachments", params={"name": "a.txt"}, data=b"a").json()
    ana.post(f"{path}/entries", {"text": "Com anexo", "attachment_ids": [file["id"]]})
    return str(file["id"])


def operations(system: System) -> list[tuple[str, str]]:
    """Every operation whose path holds an id."""
    paths = requests.get(f"{system.url}/openapi.json", timeout=10).json()["paths"]
    verbs = ("get", "post", "put", "patch", "delete")
    return [(verb, path) for path, found in paths.items() for verb in found if verb in verbs and "{" in path]


def everything(system: System) -> str:
    """All business records of all services."""
    kept = {}
    for name in SERVICES:
        database = system.mongo(name)
        for collection in sorted(database.list_collection_names()):
            if collection not in ("idempotency", "inbox", "outbox", "numbers", "answered"):
                kept[f"{name}.{collection}"] = sorted(json.dumps(d, default=str) for d in database[collection].find())
    return json.dumps(kept)


def test_no_operation_of_the_api_reaches_another_companys_records(system: System, bruno: Client, ids: Ids) -> None:
    asked = operations(system)
    assert len(asked) >= 15
    before = everything(system)
    crossed = []
    for verb, template in asked:
        answer = bruno.request(
            verb.upper(), url_of(template, ids), json=body_of(template) if takes_body(verb, template) else None
        )
        if not _tells_nothing(answer):
            crossed.append(f"{verb} {template}: {answer.status_code} {answer.text[:200]}")
    assert not crossed
    assert everything(system) == before


# A customer says it on the page of a quote (row S25), whom this test does not play; and the contract begins in 2031.
UNANSWERED = {"/v1/quotes/{quote_id}/answers", "/v1/contracts/{contract_id}/receivables"}


def test_every_operation_answers_its_own_company(system: System, ana: Client, ids: Ids) -> None:
    """So that the 404 above are the company's doing, and not a wrong question's."""
    for verb, template in operations(system):
        if verb == "get":
            answer = ana.request("GET", url_of(template, ids))
            assert answer.ok, f"{template}: {answer.text[:200]}"
            assert not _tells_nothing(answer) or template in UNANSWERED, template


def test_lists_and_searches_show_the_own_company_only(system: System, bruno: Client, ids: Ids) -> None:
    person = system.mongo("people")["persons"].find_one({"_id": ids["person_id"]})
    for q in (person["name"], person["document"], f"#{person['code']}"):
        found = bruno.get("/v1/persons", params={"q": q})["items"]
        assert ids["person_id"] not in {item["id"] for item in found}
    hidden = bruno.request("GET", "/v1/deliveries", params={"person_id": ids["person_id"]})
    refused(hidden, 404, "person_not_found")
    assert ids["message_id"] not in bruno.request("GET", "/v1/inbound-messages", params={"limit": 100}).text
    for path in ("/v1/opportunities", "/v1/follow-ups", "/v1/opportunities/idle", "/v1/actions", "/v1/pipeline"):
        assert ids["opportunity_id"] not in bruno.request("GET", path, params={"limit": 100}).text
    for path, name in (("orders", "order_id"), ("quotes", "quote_id"), ("contracts/billing-preview", "contract_id"),
                       ("appointments", "appointment_id")):  # fmt: skip
        asked = {"limit": 100, **({"on": sales.today(365)} if name == "contract_id" else {})}
        assert ids[name] not in bruno.request("GET", f"/v1/{path}", params=asked).text
    assert bruno.get("/v1/commission-account/balances")["items"] == []
    assert ids["lost_reason_id"] not in bruno.request("GET", "/v1/lost-reasons").text
    for path in ("/v1/stages", "/v1/markers"):
        assert not {ids["stage_id"], ids["marker_id"]} & {item["id"] for item in bruno.get(path)["items"]}
    for what in ("archive", "unarchive", "delete", "markers"):
        report = bruno.post(f"/v1/opportunities/{what}", {"ids": [ids["opportunity_id"]]})
        assert [item["code"] for item in report["items"]] == ["opportunity_not_found"]


def test_every_record_of_every_service_bears_its_company(system: System, ids: Ids) -> None:
    for name in SERVICES:
        database = system.mongo(name)
        for collection in database.list_collection_names():
            assert database[collection].find_one({"company": {"$exists": False}}) is None, f"{name}.{collection}"


def _tells_nothing(answer: requests.Response) -> bool:
    if answer.status_code == 404:
        return True
    if not answer.headers["Content-Type"].startswith("application/json"):
        return False
    return answer.status_code == 200 and answer.json() in ({"items": [], "next_cursor": None}, {"items": []})
