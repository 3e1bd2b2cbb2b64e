"""What every blueprint does with the bus: ask a query, or order a command, as the signed-in user."""

from __future__ import annotations

import json
from typing import Any

from flask import current_app
from marshmallow import Schema

from gateway import auth
from gateway.rpc import Bus


def bus() -> Bus:
    found: Bus = current_app.extensions["vinculo"].bus
    return found


def ask(service: str, query: str, data: dict[str, Any]) -> Any:
    """A query's answer; raises its Failure."""
    return bus().call(service, query, data, auth.context())


def order(service: str, command: str, schema: type[Schema], data: dict[str, Any], **path: Any) -> Any:
    """A command's answer: the validated body written back as JSON, with what the path says."""
    context = auth.context(action=f"{service}.{command}")
    return bus().call(service, command, _written(schema, data, path), context, command=True)


def order_secretly(service: str, command: str, schema: type[Schema], data: dict[str, Any], **path: Any) -> Any:
    """A command with a password in it: the broker does not write it to its disk."""
    return bus().call(service, command, _written(schema, data, path), auth.context())


def _written(schema: type[Schema], data: dict[str, Any], path: dict[str, Any]) -> dict[str, Any]:
    body = json.loads(schema(only=[*data] or None).dumps(data)) if data else {}
    return {**body, **path}
