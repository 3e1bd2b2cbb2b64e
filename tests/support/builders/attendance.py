"""A company's attendance set-up through the API, under keys that no other test has (rows A1 to A4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.support.builders import people
from tests.support.stack.system import PASSWORD, Client, System


def put(client: Client, path: str, body: Any, **options: Any) -> Any:
    answer = client.request("PUT", path, json=body, **options)
    assert answer.ok, f"{answer.status_code} {answer.text[:500]}"
    return answer.json()


def unique_key() -> str:
    return people.unique_word().lower()


def user(system: System, role: str) -> Client:
    """A new user of the bakery."""
    login = f"{unique_key()}@padaria.example"
    system.run(
        "-m", "deploy.operations", "user", "create", "--login", login, "--name", role.capitalize(),
        "--company", "padaria", "--role", role,
    )  # fmt: skip
    return Client(system.url, login, PASSWORD)


def attach(client: Client, attendance_id: str, name: str, content: bytes) -> dict[str, Any]:
    """A file that waits for an entry."""
    headers, path = {"Content-Type": "application/octet-stream"}, f"/v1/attendances/{attendance_id}/attachments"
    answer = client.request("POST", path, params={"name": name}, data=content, headers=headers, timeout=90)
    assert answer.status_code == 201, answer.text[:500]
    made: dict[str, Any] = answer.json()
    return made


@dataclass(frozen=True)
class Setup:
    """Keys of a small repair shop: triage -> decision -> workshop or end; the workshop may send back or end."""

    triage: str
    workshop: str
    done: str
    workflow: str
    cycle: str
    group: str
    leaf: str

    def items(self) -> list[dict[str, Any]]:
        return [
            {"id": "entrada", "kind": "center", "center_id": self.triage},
            {"id": "defeito", "kind": "decision", "question": "Há defeito?", "answers": [
                {"id": "sim", "text": "Sim", "to": "conserto"}, {"id": "nao", "text": "Não", "to": "fim"}]},
            {"id": "conserto", "kind": "center", "center_id": self.workshop, "next": ["entrada", "fim"]},
            {"id": "fim", "kind": "center", "center_id": self.done},
        ]  # fmt: skip


def set_up(client: Client, center: dict[str, Any] | None = None, **type_fields: Any) -> Setup:
    """Everything published; `center`: flags of the workshop; `type_fields`: of the leaf."""
    word = unique_key()
    made = Setup(*(f"{word}-{name}" for name in ("triagem", "oficina", "fim", "fluxo", "ciclo", "grupo", "tipo")))
    centers = "/v1/responsibility-centers"
    client.post(centers, {"id": made.triage, "name": "Triagem"})
    client.post(centers, {"id": made.workshop, "name": "Oficina", **(center or {})})
    client.post(centers, {"id": made.done, "name": "Encerrado", "ends_the_process": True})
    client.post("/v1/workflows", {"id": made.workflow, "name": "Reparo", "items": made.items()})
    client.post(f"/v1/workflows/{made.workflow}/publish", None)
    client.post("/v1/service-cycles", {"id": made.cycle, "name": "Ciclo", "centers": []})
    group = {"workflow_id": made.workflow, "cycle_id": made.cycle, "days_to_next_contact": 3, "colour": "#00aa55"}
    client.post("/v1/attendance-types", {"id": made.group, "kind": "group", "name": "Suporte", **group})
    leaf = {"kind": "leaf", "name": "Reparo de forno", "parent_id": made.group, **type_fields}
    client.post("/v1/attendance-types", {"id": made.leaf, **leaf})
    return made


def open_one(client: Client, made: Setup, **fields: Any) -> dict[str, Any]:
    person = client.register(f"Cliente {people.unique_word()}", emails=[{"address": "c@x.example", "main": True}])
    body = {"subject": "Forno não liga", "type_id": made.leaf, **fields}
    opened: dict[str, Any] = client.post(f"/v1/persons/{person['id']}/attendances", body)
    return opened


def history(client: Client, attendance: dict[str, Any]) -> list[dict[str, Any]]:
    """Oldest first."""
    items = client.get(f"/v1/attendances/{attendance['id']}/entries", params={"limit": 100})["items"]
    return list(reversed(items))


def with_questions(client: Client) -> Setup:
    """Whose cycle asks in the triage and in the workshop."""
    made = set_up(client)
    triage = [
        {"id": "modelo", "text": "Qual o modelo?", "kind": "choice", "options": ["A", "B"], "required": True},
        {"id": "garantia", "text": "Tem garantia?", "kind": "yes_no", "required": True},
        {"id": "comprado", "text": "Comprado em?", "kind": "date"},
    ]
    workshop = [
        {"id": "custo", "text": "Quanto custa?", "kind": "number", "required": True},
        {"id": "pecas", "text": "Quais peças?", "kind": "multiple", "options": ["porta", "painel", "motor"]},
        {"id": "laudo", "text": "Laudo?", "kind": "text"},
    ]
    centers = [
        {"center_id": made.triage, "questions": triage},
        {"center_id": made.workshop, "questions": workshop},
    ]
    put(client, f"/v1/service-cycles/{made.cycle}", {"name": "Ciclo", "centers": centers})
    return made


def answered(cycle: dict[str, Any]) -> dict[str, Any]:
    """The values by question."""
    return {one["id"]: one["value"] for part in cycle["centers"] for one in part["questions"]}


def case_with_address(client: Client) -> dict[str, Any]:
    """An attendance of a person with an address of her own."""
    word = people.unique_word()
    address = f"{word.lower()}@cliente.example"
    person = client.register(f"Cliente {word}", emails=[{"address": address, "main": True}])
    opened = client.post(f"/v1/persons/{person['id']}/attendances", {"subject": f"Caso {word}"})
    return {**opened, "address": address, "path": f"/v1/attendances/{opened['id']}/entries"}
