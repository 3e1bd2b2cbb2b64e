"""Deny by default: each route of the gateway has an access rule, and each permission asked for is known."""

from __future__ import annotations

from functools import cache

from flask import Flask

from gateway.http import access
from services.chassis.access.context import INSTALLATION
from services.people.access import contract
from tests.contract.write_openapi import application

PAGE = "/q/<string:token>"
CUSTOMERS = {PAGE, f"{PAGE}/pdf", f"{PAGE}/<any(aceitar, recusar, perguntar):action>"}
CALLBACKS = {"/whatsapp/<string:company_id>"}
OPT_OUT = "/u/<string:token>"
PUBLIC_PATHS = {
    "/live", "/ready", "/metrics", "/asyncapi.json", "/v1/session", "/v1/session/refresh", *CUSTOMERS, OPT_OUT,
    *CALLBACKS,
}  # fmt: skip


@cache
def whole() -> Flask:
    """Made once, for its document takes seconds."""
    return application()


def test_every_route_has_a_rule() -> None:
    assert access.unruled_endpoints(whole()) == []


def test_a_route_without_a_rule_is_seen_and_refused() -> None:
    app = application()
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert access.unruled_endpoints(app) == ["forgotten"]
    assert app.test_client().get("/forgotten").status_code == 403


def test_only_these_routes_are_public() -> None:
    app = whole()
    rules = [rule for rule in app.url_map.iter_rules() if access.rule_of(app, rule.endpoint) == access.PUBLIC]
    open_paths = {rule.rule for rule in rules if rule.endpoint not in access.STATIC_ENDPOINTS}
    assert open_paths <= PUBLIC_PATHS, open_paths - PUBLIC_PATHS


def test_every_permission_of_a_route_is_in_the_table() -> None:
    app = whole()
    rules = {access.rule_of(app, endpoint) for endpoint in app.view_functions} - {access.PUBLIC}
    assert rules <= contract.KNOWN_PERMISSIONS


def test_nobody_may_act_for_the_installation() -> None:
    assert not any(p.startswith(INSTALLATION.strip("_")) for p in contract.KNOWN_PERMISSIONS)
