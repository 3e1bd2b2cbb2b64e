"""The answer of a command, kept under its idempotency key: the same key answers the first result again."""

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


class KeptAnswer:
    """A command that is asked again under its key answers the first result (unit_of_work.run_command)."""

    def __init__(
        self, context: Context, method: Callable[..., Any], data: dict[str, Any], not_compared: tuple[str, ...]
    ) -> None:
        self._key = key_of(context, method)
        self._input = fingerprint({name: value for name, value in data.items() if name not in not_compared})

    def first(self, runtime: Any) -> AbstractContextManager[None]:
        return nullcontext()

    def known(self, session: Session) -> Any:
        """Raises Conflict("idempotency_key_reused") for other input, Conflict("answer_erased")."""
        known = session.tenant.collection(IDEMPOTENCY).find_one({"_id": self._key})
        return None if known is None else replay(known, self._input)

    def keep(self, session: Session, answer: str | None) -> None:
        """Raises TypeError for a refusal that would commit: it would be asked for again, and done again."""
        if answer is None:
            raise TypeError("only a secret command may return a Failure")
        kept = {"_id": self._key, "input": self._input, "result": answer, "at": session.now}
        session.tenant.collection(IDEMPOTENCY).insert(kept, later=True)


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
