"""Handles a request of the bus: verifies it, checks it against its entrypoint's RpcSpec, runs it and answers it."""

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
from services.chassis.messaging.answers import Answer, answer_of, report_defect
from services.chassis.messaging.delivery import body_of
from services.chassis.observability import logs
from services.chassis.schemas import instance, load
from services.chassis.storage.database import as_failure

Method = Callable[..., Any]


@dataclass(frozen=True)
class RpcSpec:
    """What the decorators `command` and `query` declare of an entrypoint (entrypoints.py explains each field).

    `run`: run_command or run_query of unit_of_work.py.
    """

    run: Callable[..., Any]
    is_command: bool
    takes: type[Schema]
    gives: type[Schema]
    needs: str
    section: Section
    unnarrowed: tuple[str, ...]
    fresh: bool = False
    secret: bool = False

    @property
    def runner(self) -> Callable[..., Any]:
        """`run`, with the check of the actor's present access if the entrypoint is `fresh`."""
        return partial(self.run, confirm_access=self._confirm_access) if self.fresh else self.run

    def _confirm_access(self, session: Session) -> None:
        session.confirm_actor(self.needs)
        sections.refuse(session.actor.sight, self.section, self.unnarrowed)


def answer_request(service: Any, method: Method, spec: RpcSpec, message: Any) -> Answer:
    """The answer to the request in `message`; that of a secret command is encrypted for the gateway, refusals too."""
    answer = _run_request(service, method, spec, message)
    if spec.secret:
        return replace(answer, body=service.runtime.config.keys.encrypt(GATEWAY, answer.body))
    return answer


def _run_request(service: Any, method: Method, spec: RpcSpec, message: Any) -> Answer:
    """Verifies the context, checks deadline, permission and input, and runs; every failure becomes an answer."""
    name = method.__name__
    try:
        body, keys = body_of(message), service.runtime.config.keys
        arguments = _arguments(service, message, keys.decrypt(GATEWAY, body) if spec.secret else body)
        routing_key = message.delivery_info["routing_key"]
        context = unseal(message.headers or {}, routing_key, body, keys)
        logs.request_id.set(context.request_id)
        context.require_time()
        context.require(spec.needs)
        sections.refuse(context.sight, spec.section, spec.unnarrowed)
        data = load(spec.takes, arguments)
        sections.refuse_hidden_fields(context.sight, instance(spec.takes), data)
        work = partial(spec.runner, service, context, method, data, spec.gives)
        return answer_of(name, service.runtime.retrier.run(work, context.deadline))
    except Failure as failure:
        return answer_of(name, None, failure)
    except PyMongoError as error:
        failure_or_error = as_failure(error)
        if isinstance(failure_or_error, Failure):
            return answer_of(name, None, failure_or_error)
        return answer_of(name, None, report_defect(name, error))
    except Exception as error:
        return answer_of(name, None, report_defect(name, error))


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
