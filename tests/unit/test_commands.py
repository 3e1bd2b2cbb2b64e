"""One way to run a command, with a secret in it or without: what differs is what is remembered of it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from copy import deepcopy
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from marshmallow import fields
from pymongo.errors import DuplicateKeyError

from services.chassis.access.context import Context
from services.chassis.errors import Conflict, Failure, Unauthenticated
from services.chassis.handling.idempotency import IDEMPOTENCY
from services.chassis.handling.unit_of_work import Options, run_command
from services.chassis.schemas import Result
from tests.support.stack.wire_keys import WireKeys

GRANT = {"id": "u2", "name": "Bia", "grant": "g1"}
KINDS = pytest.mark.parametrize("secret", [False, True], ids=["plain", "secret"])


class Noted(Result):
    text = fields.String()
    number = fields.Integer()


class Rows:
    """A collection of an engine whose transactions are undone as a whole."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine, self._name = engine, name

    def find_one(self, where: dict[str, Any]) -> Any:
        return self._engine.kept.get((self._name, where["_id"]))

    def insert(self, document: dict[str, Any], *, later: bool = False) -> None:
        if later:
            self._engine.waiting.append(partial(self.insert, document))
            return
        if self.find_one(document) is not None:
            raise DuplicateKeyError(f"E11000 {self._name}")
        self._engine.kept[self._name, document["_id"]] = document

    def delete(self, where: dict[str, Any]) -> None:
        del self._engine.kept[self._name, where["_id"]]


class Engine:
    """As much of a runtime as commands need. `raced`: what another process commits during the first transaction."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Any] = {}
        # the writes that are sent at the end of the transaction (ADR 0050)
        self.waiting: list[Callable[[], None]] = []
        self.raced: Callable[[], None] = lambda: None
        self.handed_over = 0
        self.config = SimpleNamespace(keys=WireKeys().ring("people"))
        self.database = SimpleNamespace(transact=self._transact)
        self.runtime = self

    def session(self, context: Context, client_session: Any) -> Any:
        tenant = SimpleNamespace(collection=lambda name: Rows(self, name))
        return SimpleNamespace(tenant=tenant, now=time.time(), flush=lambda: None)

    def hand_over(self, session: Any) -> None:
        self.handed_over += 1

    def names(self) -> list[str]:
        return sorted({name for name, _ in self.kept})

    def _transact(self, work: Any, seconds: float, lane: str) -> Any:
        before, self.waiting = deepcopy(self.kept), []
        try:
            result = work(None)
            for send in self.waiting:
                send()
            return result
        except BaseException:
            self.kept = before
            raced, self.raced = self.raced, lambda: None
            raced()
            raise


def context(key: str = "k1", **more: Any) -> Context:
    return Context("c1", "u1", "Ana", (), "r1", time.time() + 10, idempotency_key=key, **more)


def note(tx: Any, data: dict[str, Any]) -> dict[str, Any]:
    """Counts the notes; takes its input apart."""
    number = sum(name == "notes" for name, _ in tx.tenant.collection("notes")._engine.kept) + 1
    tx.tenant.collection("notes").insert({"_id": str(number)})
    return {"text": data.pop("text"), "number": number}


def test_a_command_asked_again_under_its_key_answers_the_first_result_and_announces_once() -> None:
    engine = Engine()
    answers = [run_command(engine, context(), note, {"text": "a"}, Noted, Options()) for _ in range(3)]
    assert answers == [{"text": "a", "number": 1}] * 3
    assert engine.handed_over == 1


def test_a_key_with_other_input_is_refused_but_for_what_was_made_from_the_rest() -> None:
    engine = Engine()
    run_command(engine, context(), note, {"text": "a", "html": "1"}, Noted, Options(not_compared=("html",)))
    again = run_command(engine, context(), note, {"text": "a", "html": "2"}, Noted, Options(not_compared=("html",)))
    assert again["number"] == 1
    with pytest.raises(Conflict, match="idempotency_key_reused"):
        run_command(engine, context(), note, {"text": "b", "html": "1"}, Noted, Options(not_compared=("html",)))


def test_of_a_secret_command_neither_key_nor_input_nor_answer_is_kept_and_asking_again_runs_it_again() -> None:
    engine = Engine()
    answers = [
        run_command(engine, context(deadline_key), note, {"text": "janela"}, Noted, Options(secret=True))
        for deadline_key in ("k1", "k2")
    ]
    assert [answer["number"] for answer in answers] == [1, 2]
    assert engine.names() == ["answered", "notes"]
    assert "janela" not in json.dumps(list(engine.kept.values()), default=str)


@KINDS
def test_a_supervisors_grant_is_spent_by_the_command_it_came_with(secret: bool) -> None:
    engine = Engine()
    run_command(engine, context(supervisor=GRANT), note, {"text": "a"}, Noted, Options(secret))
    with pytest.raises(Conflict, match="grant_used"):
        run_command(engine, context("k2", supervisor=GRANT), note, {"text": "a"}, Noted, Options(secret))
    assert (IDEMPOTENCY, "grant|g1") in engine.kept


def refuse(tx: Any, data: dict[str, Any]) -> Failure:
    """Writes, and refuses without raising."""
    note(tx, {"text": ""})
    return Unauthenticated("token_stolen", "Sessão encerrada.")


def test_a_secret_command_may_refuse_and_keep_what_it_wrote() -> None:
    engine = Engine()
    with pytest.raises(Unauthenticated, match="token_stolen"):
        run_command(engine, context(), refuse, {}, Noted, Options(secret=True))
    assert engine.names() == ["answered", "notes"]
    assert engine.handed_over == 1


def test_another_command_may_not_for_it_would_be_done_again_under_its_key() -> None:
    engine = Engine()
    with pytest.raises(TypeError):
        run_command(engine, context(), refuse, {}, Noted, Options())
    assert (engine.kept, engine.handed_over) == ({}, 0)


@KINDS
def test_what_runs_before_the_transaction_is_not_repeated_with_it(secret: bool) -> None:
    engine, prepared = Engine(), list[str]()
    other = {"_id": "grant|g1", "at": 0}
    engine.raced = lambda: engine.kept.update({(IDEMPOTENCY, "grant|g1"): other})

    def prepare(session: Any, data: dict[str, Any]) -> dict[str, Any]:
        prepared.append(data.pop("text"))
        return {"text": "hash"}

    def overtaken(tx: Any, data: dict[str, Any]) -> dict[str, Any]:
        assert data == {"text": "hash"}
        raise DuplicateKeyError(f"E11000 {IDEMPOTENCY}")

    given = {"text": "a"}
    with pytest.raises(Conflict, match="grant_used"):
        run_command(
            engine, context(supervisor=GRANT), overtaken, given, Noted, Options(secret, before_transaction=prepare)
        )
    assert (prepared, given) == (["a"], {"text": "a"})


def once(tx: Any, data: dict[str, Any]) -> dict[str, Any]:
    """Refuses where it was done before, as a closed attendance does."""
    if tx.tenant.collection("notes").find_one({"_id": "only"}):
        raise Conflict("note_exists", "Já existe.")
    tx.tenant.collection("notes").insert({"_id": "only"})
    return {"text": data["text"], "number": 1}


def test_asked_again_it_answers_though_the_state_that_it_left_would_refuse_it() -> None:
    engine = Engine()
    answers = [run_command(engine, context(), once, {"text": "a"}, Noted, Options()) for _ in range(2)]
    assert answers == [{"text": "a", "number": 1}] * 2
    with pytest.raises(Conflict, match="note_exists"):
        run_command(engine, context("k2"), once, {"text": "a"}, Noted, Options())


def test_asked_again_by_who_may_no_longer_it_is_refused() -> None:
    engine = Engine()
    run_command(engine, context(), once, {"text": "a"}, Noted, Options())

    def confirms(session: Any) -> None:
        raise Unauthenticated("session_ended", "Sessão encerrada.")

    with pytest.raises(Unauthenticated):
        run_command(engine, context(), once, {"text": "a"}, Noted, Options(), confirms)
