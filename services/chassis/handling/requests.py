"""A request that came over the bus: verified, checked against what its entrypoint promises, run, answered."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from marshmallow import Schema
from pymongo.errors import PyMongoError

from services.chassis.access import sections
from services.chassis.access.context import unseal
from services.chassis.access.keyring import GATEWAY
from services.chassis.access.sections import Section
from services.chassis.errors import Failure, Invalid
from services.chassis.handling.session import Session
from services.chassis.messaging.answers import Answer, answer_of, defect
from services.chassis.messaging.delivery import body_of
from services.chassis.observability import logs
from services.chassis.schemas import instance, load
from services.chassis.storage.database import as_failure

Method = Callable[..., Any]


@dataclass(frozen=True)
class Promise:
    """The schemas, the permission and the kind of an entrypoint; `run` is one of handling/unit_of_work.py.

    `section` and `whole`: sections.refuse. `fresh` and `secret`: see `command`.
    """

    run: Callable[..., Any]
    is_command: bool
    takes: type[Schema]
    gives: type[Schema]
    needs: str
    section: Section
    whole: tuple[str, ...]
    fresh: bool = False
    secret: bool = False

    @property
    def unit(self) -> Callable[..., Any]:
        """`run`, with the check of the actor's present access if the entrypoint is `fresh`."""
        return partial(self.run, confirms=self._confirm) if self.fresh else self.run

    def _confirm(self, session: Session) -> None:
        session.confirm_actor(self.needs)
        sections.refuse(session.actor.sight, self.section, self.whole)


def answer_to(service: Any, method: Method, promise: Promise, message: Any) -> Answer:
    """Encrypted for the gateway, as the request was, where it is secret; a refusal as well."""
    answer = _guarded(service, method, promise, message)
    if promise.secret:
        return replace(answer, body=service.runtime.config.keys.close(GATEWAY, answer.body))
    return answer


def _guarded(service: Any, method: Method, promise: Promise, message: Any) -> Answer:
    """Verifies the context, checks deadline, permission and input, and runs; every failure becomes an answer."""
    name = method.__name__
    try:
        body, keys = body_of(message), service.runtime.config.keys
        arguments = _arguments(service, message, keys.open(GATEWAY, body) if promise.secret else body)
        routing_key = message.delivery_info["routing_key"]
        context = unseal(message.headers or {}, routing_key, body, keys)
        logs.request_id.set(context.request_id)
        context.require_time()
        context.require(promise.needs)
        sections.refuse(context.sight, promise.section, promise.whole)
        data = load(promise.takes, arguments)
        sections.refuse_given(context.sight, instance(promise.takes), data)
        work = partial(promise.unit, service, context, method, data, promise.gives)
        return answer_of(name, service.runtime.patience.run(work, context.deadline))
    except Failure as failure:
        return answer_of(name, None, failure)
    except PyMongoError as error:
        failure_or_error = as_failure(error)
        if isinstance(failure_or_error, Failure):
            return answer_of(name, None, failure_or_error)
        return answer_of(name, None, defect(name, error))
    except Exception as error:
        return answer_of(name, None, defect(name, error))


def _arguments(service: Any, message: Any, body: bytes) -> dict[str, Any]:
    """The request's keyword arguments. An unreadable request is parked as it came, and refused."""
    try:
        if message.content_type != "application/json":
            raise ValueError("content type")
        kwargs = json.loads(body)["kwargs"]
        if not isinstance(kwargs, dict):
            raise ValueError("kwargs")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        service.runtime.park(message, body_of(message), "message_unreadable")
        raise Invalid("message_unreadable", "A mensagem não pôde ser lida.") from error
    return kwargs
