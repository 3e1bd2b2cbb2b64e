"""The schemas of all inputs, of the services and of the gateway, each with its place."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from marshmallow import Schema

from deploy.topology import SERVICES
from tests.contract.write_openapi import application


def taken_by_services() -> Iterator[tuple[str, Schema]]:
    for service in SERVICES:
        for name, method in inspect.getmembers(service, inspect.isfunction):
            if hasattr(method, "chassis_rpc"):
                yield f"{service.name}.{name}", method.chassis_rpc.takes()


def taken_by_the_gateway() -> Iterator[tuple[str, Schema]]:
    for endpoint, view in application().view_functions.items():
        for methods in (view, *vars(getattr(view, "view_class", object)).values()):
            described = getattr(methods, "_apidoc", {}).get("arguments", {}).get("parameters", [])
            for parameter in described:
                schema = parameter.get("schema")
                if isinstance(schema, Schema):
                    yield endpoint, schema
                elif inspect.isclass(schema) and issubclass(schema, Schema):
                    yield endpoint, schema()
