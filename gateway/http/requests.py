"""How every blueprint calls the services: it sends a query or a command as the signed-in user."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from flask import current_app, request
from marshmallow import Schema

from gateway.bus.answers import Answer
from gateway.bus.rpc import Bus
from gateway.http import auth
from services.chassis.access.context import Context
from services.chassis.errors import Invalid
from services.chassis.schemas import instance, to_own_names


def bus() -> Bus:
    found: Bus = current_app.extensions["vinculo"].bus
    return found


def send_query(service: str, query: str, data: dict[str, Any], schema: type[Schema] | None = None) -> Answer:
    """A query's answer, to be passed on or read; raises its Failure.

    `schema` writes loaded values that JSON does not have (dates) back as JSON.
    """
    return bus().relay(service, query, data if schema is None else _to_json(schema, data, {}), auth.context())


def send_command(service: str, command: str, schema: type[Schema], data: dict[str, Any], **path: Any) -> Answer:
    """A command's answer. Its input: the validated body, written back as JSON by `schema`, and the ids of the path.

    The version in If-Match goes with it for the record of the path, unless the command takes it as its `version`.
    """
    context = auth.context(action=f"{service}.{command}")
    if "version" not in path:
        context = _with_seen_version(context)
    return bus().relay(service, command, _to_json(schema, data, path), context, command=True)


def send_command_secretly(service: str, command: str, schema: type[Schema], data: dict[str, Any], **path: Any) -> Any:
    """A command with a secret in it or in its answer: encrypted both ways. The version in If-Match goes with it."""
    context = _with_seen_version(auth.context())
    return bus().call_secretly(service, command, _to_json(schema, data, path), context)


def _with_seen_version(context: Context) -> Context:
    """The context of a command that compares the version in If-Match, if there is one."""
    if (seen := seen_version()) is None:
        return context
    return replace(context, seen={"record": _record() or context.company, "version": seen})


def version_in_path() -> dict[str, Any]:
    """The version in If-Match in the place of the body's own `version`; nothing without If-Match."""
    seen = seen_version()
    return {} if seen is None else {"version": seen}


# Of what stands in a list that is one record of the company.
OF_THE_COMPANY = ("stage_id", "marker_id", "lost_reason_id")


def _record() -> str | None:
    """The id of the path's record, which is the first id in it (a payment is a part of its receivable); None for a
    record of which a company has one."""
    ids = [(name, value) for name, value in (request.view_args or {}).items() if name.endswith("_id")]
    return str(ids[0][1]) if ids and ids[0][0] not in OF_THE_COMPANY else None


def _to_json(schema: type[Schema], data: dict[str, Any], path: dict[str, Any]) -> dict[str, Any]:
    """Loaded data as JSON, by the fields' own names, with the ids of the path. Fields that `data` lacks stay out."""
    return {**(to_own_names(instance(schema), instance(schema).dump(data)) if data else {}), **path}


# The version comes first; the digest of the content and the encoding follow (transfer.py).
VERSION_TAG = re.compile(r'(?:W/)?"([0-9]{1,9})(?:-[0-9a-f]{1,64})?(?::[a-z]{1,10})?"')


def seen_version() -> int | None:
    """The version in If-Match, as an answer's ETag gave it; None without If-Match or with `*` (any version).

    Raises Invalid("if_match_invalid").
    """
    header = request.headers.get("If-Match", "*").strip()
    if header == "*":
        return None
    tag = VERSION_TAG.fullmatch(header)
    if tag is None:
        detail = 'If-Match: envie o ETag que recebeu, por exemplo "3".'
        raise Invalid("if_match_invalid", detail, fields={"If-Match": [detail]})
    return int(tag[1])
