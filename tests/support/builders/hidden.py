"""A company in which everything that a narrowed user may not see bears a mark: texts, and the ids of the records."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from tests.support.builders import fiscal, people, sales, sold, users
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

PLACE = {"street": "Rua das Flores", "number": "12", "city": "São Paulo", "city_code": "3550308", "state": "SP"}
# Records that belong to an attendance, by the name that the API's paths give their ids.
IN_AN_ATTENDANCE = (
    "attendance_id",
    "attachment_id",
    "quote_id",
    "order_id",
    "receivable_id",
    "service_order_id",
    "service_invoice_id",
    "nfe_id",
    "opportunity_id",
    "action_id",
    "contract_id",
    "commission_entry_id",
)
PRODUCT = "BOLO-3"
OF_A_PERSON = ("person_id", "survivor_id", "code", "item_id", "relation_id")


@dataclass
class World:
    """`ids`: by the paths' names for them; `hidden`: those of them that the user may not see."""

    kind: str
    scopes: dict[str, list[str]]
    mark: str
    ids: dict[str, str] = field(default_factory=dict)
    hidden: tuple[str, ...] = IN_AN_ATTENDANCE
    user: Any = None

    @property
    def marks(self) -> list[str]:
        """What no answer may contain, but where the request itself named it."""
        return [self.mark, *(self.ids[name] for name in self.hidden if name in self.ids and len(self.ids[name]) > 20)]


class Company:
    """Its administrator makes the worlds; each has a person of its own, and a user narrowed to miss it."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.boss = self._linked(sales.newcomer(system))
        self.types = [self._type("aberto"), self._type("sigiloso")]
        self.flow = str(self.boss.post("/v1/flows", {"name": "Fluxo aberto"})["id"])
        self.partner = str(self.boss.register("Parceira", category_ids=["prospect"])["id"])

    def _linked(self, boss: Client) -> Client:
        """Somebody who sells, and earns by it."""
        self.seller = str(boss.register("Vendedora", category_ids=["prospect", "employee"])["id"])
        own = boss.get("/v1/session")["user"]
        self.boss_id = str(own["id"])
        boss.patch(f"/v1/users/{self.boss_id}", {"person_id": self.seller})
        copy = {"_id": {"$regex": self.boss_id}, "person_id": self.seller}
        wait_for(lambda: self.system.mongo("sales")["users"].find_one(copy), what="sales knows the seller")
        boss.put("/v1/commission-rates", {"kind": "person", "percent": "5", "person_id": self.seller})
        return Client(self.system.url, own["login"])

    def _type(self, name: str) -> str:
        key = f"{name}-{people.unique_word().lower()}"
        return str(
            self.boss.post(
                "/v1/attendance-types", {"id": key, "kind": "leaf", "name": name, "attachments_allowed": True}
            )["id"]
        )

    def of_a_category(self) -> World:
        """The person is hidden, with all that it has."""
        world = World("category", {"category": ["prospect"]}, "sigilosa categoria")
        # the account is the seller's, who is seen: it names the sale, and nothing of the customer
        world.hidden = (*(name for name in IN_AN_ATTENDANCE if name != "commission_entry_id"), *OF_A_PERSON)
        return self._furnished(world, self._person(world, f"Fulana {world.mark}", ["supplier"]))

    def of_a_section(self) -> World:
        """The person is seen, and its appointments."""
        world = World("section", {"section": ["appointments"]}, "sigilosa seção")
        world.hidden = (*IN_AN_ATTENDANCE, "relation_id")
        return self._furnished(world, self._person(world, "Fulana da seção", ["prospect"]), subject="Às claras")

    def of_a_type(self) -> World:
        world = World("attendance_type", {"attendance_type": [self.types[0]]}, "sigilosa do tipo")
        self.boss.put("/v1/settings/attendance-options", {"opportunity_type_id": self.types[1]})
        person = self._person(world, "Fulana do tipo", ["prospect"], PLACE)
        made = self._furnished(world, person, type_id=self.types[1])
        self.boss.put("/v1/settings/attendance-options", {"opportunity_type_id": None})
        return made

    def of_a_flow(self, authorised: bool = True) -> World:
        """Hidden by the scope from who is `authorised`, else from an outsider whose role is not narrowed."""
        kind, scopes = ("flow", {"flow": [self.flow]}) if authorised else ("outsider", {})
        world = World(kind, scopes, f"sigilosa do fluxo {kind}")
        world.user = self._user(world)
        told = [self.boss_id, *([world.user["id"]] if authorised else [])]
        # an outsider who may set flows up knows them all, by name: not what is in them
        name = f"Fluxo {world.mark}" if authorised else "Fluxo de outros"
        flow = self.boss.post("/v1/flows", {"name": name, "user_ids": told})
        person = self._person(world, f"Fulana de {kind}", ["prospect"], PLACE)
        world.ids["flow_id"] = str(flow["id"])
        world.hidden = (*IN_AN_ATTENDANCE, "flow_id") if authorised else IN_AN_ATTENDANCE
        return self._furnished(world, person, flow_id=flow["id"])

    def client(self, world: World) -> Client:
        return users.as_user(self.system, world.user or self._user(world))

    def _user(self, world: World) -> dict[str, Any]:
        """All permissions, narrowed."""
        permissions = [row["id"] for row in self.boss.get("/v1/roles")["permissions"]]
        body = {"name": f"Papel {world.kind}", "permissions": permissions, "scopes": world.scopes}
        role = self.boss.post("/v1/roles", body)
        return users.create(self.boss, role["id"])

    def _person(self, world: World, name: str, categories: list[str], place: Any = None) -> dict[str, Any]:
        address = place or {**PLACE, "street": f"Rua {world.mark}"}
        mail = [{"address": f"{people.unique_word().lower()}@cliente.example", "main": True}]
        fields = {"category_ids": categories, "addresses": [address], "emails": mail, "document": people.cpf()}
        made = self.boss.register(name, **fields)
        related = self.boss.post(f"/v1/persons/{made['id']}/related", {"related_id": self.partner, "kind": "other"})
        address_id = str(made["addresses"][0]["id"])
        told = {"code": str(made["code"]), "item_id": address_id, "relation_id": related["id"]}
        world.ids |= {"person_id": made["id"], "survivor_id": made["id"], "external_id": "externo", **told}
        return made

    def _furnished(self, world: World, person: dict[str, Any], subject: str = "", **filed: Any) -> World:
        Furniture(self.boss, world, person["id"]).all(subject or world.mark, filed)
        return world


class Furniture:
    """One record of each kind in a person's page, in an attendance filed as given."""

    def __init__(self, boss: Client, world: World, person_id: str) -> None:
        self.boss, self.world, self.person = boss, world, person_id
        self.mark, self.ids = world.mark, world.ids

    def all(self, subject: str, filed: dict[str, Any]) -> None:
        self._attendance(filed)
        self._sold()
        self._opportunity(filed)
        self._appointment(subject)
        self._external()

    def _attendance(self, filed: dict[str, Any]) -> None:
        late = (dt.datetime.now(dt.UTC) - dt.timedelta(days=9)).isoformat()
        body = {"subject": self.mark, "text": self.mark, "due_at": late, **filed}
        made = self.boss.post(f"/v1/persons/{self.person}/attendances", body)
        path = f"/v1/attendances/{made['id']}/attachments"
        answer = self.boss.request("POST", path, params={"name": f"{self.mark}.txt"}, data=self.mark.encode(),
                                   headers={"Content-Type": "application/octet-stream"})  # fmt: skip
        assert answer.ok, answer.text
        self.ids |= {"attendance_id": made["id"], "attachment_id": answer.json()["id"]}

    def _item(self, **fields: Any) -> dict[str, Any]:
        """Its code is in the company's catalogue, which hides nothing."""
        return sold.item(code=PRODUCT, description=self.mark, **fields)

    def _sold(self) -> None:
        """A quote approved: its order, receivable, service order with an invoice, commission, and NF-e."""
        items = [self._item(), self._item(kind="service")]
        path = f"/v1/attendances/{self.ids['attendance_id']}/quotes"
        quote = self.boss.post(path, {"items": items, "notes": self.mark})
        order_id = self.boss.post(f"/v1/quotes/{quote['id']}/versions/1/approve", None)["order_id"]
        self.ids |= {"quote_id": quote["id"], "number": "1", "order_id": order_id}
        own = f"/v1/persons/{self.person}"
        receivable = self.boss.get(f"{own}/receivables")["items"][0]["id"]
        service_order = self.boss.get(f"{own}/service-orders")["items"][0]["id"]
        body = {"number": "1", "issued_on": "2026-03-06", "amount": "80", "service_order_id": service_order}
        invoice = self.boss.put(f"{own}/service-invoices/i1", {**body, "description": self.mark})
        fiscal.product(self.boss, PRODUCT, ncm="19059090")
        nfe = self.boss.post(f"/v1/orders/{order_id}/nfe", {})
        entries = self.boss.get("/v1/commission-account/entries", params={"state": "pending"})["items"]
        entry = next(one["id"] for one in entries if one["order_id"] == order_id)
        self.ids |= {"receivable_id": receivable, "service_order_id": service_order, "commission_entry_id": entry}
        self.ids |= {"service_invoice_id": invoice["id"], "nfe_id": nfe["id"]}

    def _opportunity(self, filed: dict[str, Any]) -> None:
        """One that stays open, with a document sent; and one that was won, with its contract."""
        won = self._filed_opportunity(filed)
        self.boss.post(f"/v1/opportunities/{won}/close-as-won", {"items": [self._item(recurring=True)]})
        contract = self.boss.get(f"/v1/persons/{self.person}/contracts")["items"][0]["id"]
        opportunity = self._filed_opportunity(filed)
        action = self.boss.post(f"/v1/opportunities/{opportunity}/actions", {"text": self.mark})
        self.boss.post(f"/v1/opportunities/{opportunity}/visit-sheet/send", {})
        self.ids |= {"opportunity_id": opportunity, "action_id": action["id"], "contract_id": contract}

    def _filed_opportunity(self, filed: dict[str, Any]) -> str:
        made = sold.opportunity(self.boss, self.person, self.mark)
        if "flow_id" in filed:
            self.boss.put(f"/v1/attendances/{made['attendance_id']}/flow", {"flow_id": filed["flow_id"]})
        return str(made["id"])

    def _appointment(self, subject: str) -> None:
        """Linked to the opportunity, as soon as the agenda knows it and where it is filed."""
        body = {"kind": "visita", "subject": subject, "opportunity_id": self.ids["opportunity_id"],
                "starts_at": "2027-03-01T10:00:00Z", "ends_at": "2027-03-01T11:00:00Z"}  # fmt: skip
        self.boss.post(f"/v1/persons/{self.person}/appointments", body)

    def _external(self) -> None:
        """What other systems put belongs to the person alone: it is hidden with it, or with its section."""
        mark = self.mark if self.world.kind in ("category", "section") else "às claras"
        items = [sold.item(description=mark)]
        own = f"/v1/persons/{self.person}"
        self.boss.put(f"{own}/contracts/e1", {"items": items, "starts_on": "2027-01-01"})
        self.boss.put(f"{own}/receivables/e1", {"due_on": "2027-01-01", "amount": "10", "description": mark})
        self.boss.put(f"{own}/service-orders/e1", {"description": mark, "items": items, "opened_on": "2026-03-05"})
        self.boss.put(f"{own}/watchers/me", {"own_actions": True})
