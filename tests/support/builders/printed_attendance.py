"""An attendance with its person and an entry, as the gateway prints and reports it."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

PERSON: dict[str, Any] = {
    "code": 7, "name": "João Ação Ltda.", "document": "11222333000181",
    "emails": [{"address": "a@b.example", "main": True}],
    "phones": [{"number": "+5541999998888", "main": True}], "contacts": [{"name": "Rita", "main": False}],
    "addresses": [{"kind": "delivery", "city": "Lapa", "state": "PR"},
                  {"kind": "main", "city": "Curitiba", "state": "PR"}],
}  # fmt: skip
ATTENDANCE = {
    "reference": 42, "subject": "Visita; “técnica”", "state": "open", "opened_at": "2031-03-05T12:00:00+00:00",
    "closed_at": None,
}  # fmt: skip
ENTRY = {
    "kind": "note", "recorded_by": {"id": "u1", "name": "Ana"}, "recorded_at": "2031-03-05T12:30:00+00:00",
    "text": "Linha 1\nLinha 2 — ção € <b>não é negrito</b> & fim", "attachments": [],
}  # fmt: skip

BRASILIA = ZoneInfo("America/Sao_Paulo")
