"""Attendances as they are asked for: by what they are, as reports, of production, critical ones (rows A15 to A18)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.support.builders import people
from tests.support.builders.attendance import set_up, unique_key
from tests.support.builders.flows import member, opened, user_id
from tests.support.builders.people import unique_word
from tests.support.pdf import text_of
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

PATH = "/v1/attendances"
TYPES = "/v1/attendance-types"


def to_print(who: Client) -> dict[str, Any]:
    """An attendance with an entry, whose texts have markup, quotes and other signs of their own."""
    person = who.register("Impressa <b>Ltda.</b> & Filhos", phones=[{"number": "41 99999-8888", "main": True}])
    body = {"subject": "Orçamento nº 1 — “ção”", "text": "Primeiro parecer\nsegunda linha: € 10,00"}
    made: dict[str, Any] = who.post(f"/v1/persons/{person['id']}/attendances", body)
    return made


def printed(who: Client, attendance: dict[str, Any], **params: Any) -> str:
    answer = who.request("GET", f"/v1/attendances/{attendance['id']}/print", params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/pdf"
    assert f"atendimento-{attendance['reference']}.pdf" in answer.headers["Content-Disposition"]
    return text_of(answer.content)


def reported(ana: Client) -> list[dict[str, Any]]:
    """Two of one person, one of another; the first entry of the first is a formula."""
    contact = {"name": "Rita Contato", "main": True}
    first = ana.register(
        "=HYPERLINK(\"http://x\")", document=people.cpf(), emails=[{"address": "rita@cliente.example", "main": True}],
        phones=[{"number": "41 99999-8888", "main": True}], contacts=[contact],
        addresses=[{"street": "Rua", "city": "Curitiba", "state": "PR"}],
    )  # fmt: skip
    second = ana.register("Segunda Pessoa")
    made = [
        ana.post(f"/v1/persons/{one['id']}/attendances", {"subject": title, "text": text})
        for one, title, text in (
            (first, "Orçamento; urgente", "=1+1"),
            (second, "Visita", "Primeiro\nem duas linhas"),
            (first, "Sem parecer", ""),
        )
    ]
    ana.post(f"/v1/attendances/{made[1]['id']}/entries", {"text": "Depois"})
    return made


class Office:
    """Two persons, two users, a leaf with a workflow and one without."""

    def __init__(self, system: System, ana: Client) -> None:
        self.caio = member(system, "attendant")
        self.made = set_up(ana)
        self.other = ana.post("/v1/attendance-types", {"id": unique_key(), "kind": "leaf", "name": "Outro"})["id"]
        self.rita, self.saulo = (ana.register(unique_word())["id"] for _ in range(2))
        copy = {"_id": {"$regex": f":{user_id(self.caio)}$"}}
        wait_for(lambda: system.mongo("attendance")["users"].find_one(copy), what="attendance knows the user")
        self.one = opened(ana, "um", self.rita, type_id=self.made.leaf)["id"]
        self.two = opened(self.caio, "dois", self.rita, type_id=self.other)["id"]
        self.three = opened(ana, "três", self.saulo, next_user_id=user_id(self.caio))["id"]
        self.closed = opened(self.caio, "quatro", self.saulo, type_id=self.other)["id"]
        ana.post(f"{PATH}/{self.closed}/close", None)


def found(client: Client, **asked: Any) -> list[str]:
    """The ids, read in pages of one."""
    return [attendance["id"] for attendance in client.every(PATH, **asked, limit=1)]


def of_production(ana: Client) -> str:
    """A leaf under production's group, one level down."""
    group = ana.post(TYPES, {"id": unique_key(), "kind": "group", "name": "Produção"})["id"]
    inner = ana.post(TYPES, {"id": unique_key(), "kind": "group", "name": "Erros", "parent_id": group})["id"]
    leaf = ana.post(TYPES, {"id": unique_key(), "kind": "leaf", "name": "Erro", "parent_id": inner})["id"]
    ana._ok(ana.request("PATCH", "/v1/settings/attendance", json={"production_type_id": group}))
    return str(leaf)


def due(**ago: float) -> str:
    return (dt.datetime.now(dt.UTC) - dt.timedelta(**ago)).isoformat()


def factors(client: Client, **asked: Any) -> list[dict[str, Any]]:
    """All of them, read in pages of one, each with its center."""
    groups = client.every("/v1/critical-factors", **asked, limit=1)
    return [{**factor, "center": (group["center"] or {}).get("id")} for group in groups for factor in group["items"]]


def ids(found: list[dict[str, Any]]) -> list[str]:
    return [one["attendance"]["id"] for one in found]
