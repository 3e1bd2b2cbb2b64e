"""Idempotency keys: a command's answer is stored under its key, and a repeated request gets that answer again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from services.chassis.access.context import Context
from services.chassis.errors import Conflict
from services.chassis.handling.session import Session
from services.chassis.storage.indexes import SystemIndex

IDEMPOTENCY = "idempotency"
IDEMPOTENCY_SECONDS = 2 * 86_400
IDEMPOTENCY_INDEX = SystemIndex(IDEMPOTENCY, [("at", 1)], expire_after=IDEMPOTENCY_SECONDS)


class StoredAnswer:
    """How a command treats a repeated request (unit_of_work.RepeatPolicy): the same key gets the first answer."""

    def __init__(
        self, context: Context, method: Callable[..., Any], data: dict[str, Any], not_compared: tuple[str, ...]
    ) -> None:
        self._key = key_of(context, method)
        self._input = fingerprint({name: value for name, value in data.items() if name not in not_compared})

    def guard(self, runtime: Any) -> AbstractContextManager[None]:
        return nullcontext()

    def earlier_answer(self, session: Session) -> Any:
        """Raises Conflict("idempotency_key_reused") for other input, Conflict("answer_erased")."""
        stored = session.tenant.collection(IDEMPOTENCY).find_one({"_id": self._key})
        return None if stored is None else replay(stored, self._input)

    def store_answer(self, session: Session, answer: str | None) -> None:
        """Raises TypeError for a refusal that commits: a repeated request would run the command again."""
        if answer is None:
            raise TypeError("only a secret command may return a Failure")
        stored = {"_id": self._key, "input": self._input, "result": answer, "at": session.now}
        session.tenant.collection(IDEMPOTENCY).insert(stored, later=True)


def key_of(context: Context, method: Callable[..., Any]) -> str:
    key = context.idempotency_key or context.request_id
    return "|".join((context.company, context.user, method.__name__, key))


def fingerprint(data: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(data, default=str, sort_keys=True).encode()).hexdigest()


def erased_answer() -> dict[str, Any]:
    """The update that removes personal data from a stored answer, and keeps its key in use."""
    return {"$set": {"input": "", "result": None}}


def replay(stored: dict[str, Any], input_fingerprint: str) -> Any:
    if stored["result"] is None:
        raise Conflict("answer_erased", "A resposta desta requisição foi apagada; ela já foi executada.")
    if stored["input"] != input_fingerprint:
        raise Conflict("idempotency_key_reused", "Esta chave de idempotência já foi usada com outros dados.")
    return json.loads(stored["result"])
