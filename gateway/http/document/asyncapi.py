"""The document of what webhooks send (row N9): AsyncAPI 3.0, made of the feed's catalogue, served at /asyncapi.json."""

from __future__ import annotations

from typing import Any

from services.notifications.webhooks.contract import TYPES

Data = dict[str, Any]

ABOUT = (
    "Eventos que o Vínculo envia aos webhooks de uma empresa (`/v1/webhooks`) e guarda no seu feed (`/v1/events`).\n\n"
    "Responda 2xx em dez segundos. Confira a assinatura e recuse um `t` com mais de cinco minutos. O mesmo evento pode "
    "chegar de novo, com o mesmo `id`. Guarde a maior `sequence` de cada `aggregate_id`: uma menor que chegue depois é "
    "notícia antiga."
)
SIGNATURE = "`t=<segundos>,v1=<hex>`: o hex é o HMAC-SHA256 de `<t>.<corpo>` com a chave do webhook."
TEXT: Data = {"type": "string"}
# Fields of the data that are booleans; all others are texts.
FLAGS = ("given",)


def document() -> Data:
    """A new document each time; nothing in it is of one company."""
    names = [one.name for one in TYPES]
    messages = {name: {"$ref": f"#/components/messages/{name}"} for name in names}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Vínculo: eventos", "version": "v1", "description": ABOUT},
        "defaultContentType": "application/json",
        "channels": {
            "webhook": {
                "address": None,
                "title": "O webhook da empresa",
                "description": "O endereço que a empresa deu em `POST /v1/webhooks`; um evento depois do outro.",
                "messages": messages,
            }
        },
        "operations": {
            "deliver": {
                "action": "send",
                "channel": {"$ref": "#/channels/webhook"},
                "summary": "Um POST por evento",
                "bindings": {"http": {"method": "POST", "bindingVersion": "0.3.0"}},
            }
        },
        "components": {
            "messages": {one.name: _message(one.name, one.title) for one in TYPES},
            "schemas": {
                "Headers": _headers(names),
                "By": _object({"id": TEXT, "name": TEXT}, ["id", "name"]),
                **{one.name: _event(one.name, one.fields) for one in TYPES},
            },
        },
    }


def _message(name: str, title: str) -> Data:
    return {
        "name": name,
        "title": title,
        "headers": {"$ref": "#/components/schemas/Headers"},
        "payload": {"$ref": f"#/components/schemas/{name}"},
    }


def _headers(names: list[str]) -> Data:
    known: Data = {
        "Vinculo-Event-Id": TEXT,
        "Vinculo-Event-Type": {"type": "string", "enum": names},
        "Vinculo-Signature": {"type": "string", "description": SIGNATURE, "pattern": "^t=[0-9]+,v1=[0-9a-f]{64}$"},
    }
    return _object(known, list(known))


def _event(name: str, field_names: tuple[str, ...]) -> Data:
    """An event's `data` has the fields that have a value; more fields may be added."""
    fields = {field: {"type": "boolean"} if field in FLAGS else TEXT for field in field_names}
    event: Data = {
        "id": TEXT,
        "type": {"const": name},
        "company_id": TEXT,
        "aggregate_id": TEXT,
        "sequence": {"type": "integer", "minimum": 1},
        "at": {"type": "string", "format": "date-time"},
        "by": {"$ref": "#/components/schemas/By"},
        "data": {"type": "object", "properties": fields},
    }
    return _object(event, list(event))


def _object(properties: Data, required: list[str]) -> Data:
    return {"type": "object", "properties": properties, "required": required}
