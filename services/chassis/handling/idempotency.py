"""The answer of a command, kept under its idempotency key: the same key answers the first result again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from services.chassis.access.context import Context
from services.chassis.errors import Conflict
from services.chassis.storage.mongo import SystemIndex

IDEMPOTENCY = "idempotency"
IDEMPOTENCY_SECONDS = 2 * 86_400
IDEMPOTENCY_INDEX = SystemIndex(IDEMPOTENCY, [("at", 1)], expire_after=IDEMPOTENCY_SECONDS)


def key_of(context: Context, method: Callable[..., Any]) -> str:
    asked = context.idempotency_key or context.request_id
    return "|".join((context.company, context.user, method.__name__, asked))


def fingerprint(data: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(data, default=str, sort_keys=True).encode()).hexdigest()


def erased_answer() -> dict[str, Any]:
    """The update that empties a stored answer of personal data, and still keeps its key from being used anew."""
    return {"$set": {"input": "", "result": None}}


def replay(known: dict[str, Any], print_of_input: str) -> Any:
    if known["result"] is None:
        raise Conflict("answer_erased", "A resposta desta requisição foi apagada; ela já foi executada.")
    if known["input"] != print_of_input:
        raise Conflict("idempotency_key_reused", "Esta chave de idempotência já foi usada com outros dados.")
    return json.loads(known["result"])
