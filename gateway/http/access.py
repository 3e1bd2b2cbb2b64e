"""The access rule of every route, and its enforcement: deny by default.

The table of roles and their permissions is in services/people/access/model.py.


A route without `@needs("noun.verb")` or `@public("reason")` answers 403, and fails a test in tests/architecture.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

from services.chassis.errors import Forbidden

F = TypeVar("F", bound=Callable[..., Any])

PUBLIC = "public"
# Flask's and Swagger UI's own routes: static files only.
STATIC_ENDPOINTS = ("static", "swagger_ui.show", "api-docs.openapi_json")


def needs(permission: str) -> Callable[[F], F]:
    """Decorator: the permission (`noun.verb`) that a route requires."""

    def mark(view: F) -> F:
        view.access_rule = permission  # type: ignore[attr-defined]
        return view

    return mark


def public(reason: str) -> Callable[[F], F]:
    """Decorator: a route that anybody may call, and the reason."""

    def mark(view: F) -> F:
        view.access_rule = PUBLIC  # type: ignore[attr-defined]
        view.public_because = reason  # type: ignore[attr-defined]
        return view

    return mark


def is_public(view: Any) -> bool:
    return getattr(view, "access_rule", None) == PUBLIC


def rule_of(app: Flask, endpoint: str) -> str | None:
    if endpoint in STATIC_ENDPOINTS:
        return PUBLIC
    return getattr(app.view_functions[endpoint], "access_rule", None)


def unruled_endpoints(app: Flask) -> list[str]:
    """The endpoints without a rule, sorted."""
    return sorted(endpoint for endpoint in app.view_functions if rule_of(app, endpoint) is None)


def required_permission() -> str | None:
    """The permission that the route requires, None for a public one; raises Forbidden("route_without_rule")."""
    if request.endpoint is None:
        return None
    rule = rule_of(current_app, request.endpoint)
    if rule is None:
        raise Forbidden("route_without_rule", "Esta operação não está liberada.")
    return None if rule == PUBLIC else rule
