"""Makes the Flask application, the installation's only HTTP interface: `create_app()`.

The routes are in one folder for each service, the access rules in `http/access.py`, the errors in `http/problems.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, current_app, jsonify, request
from flask_swagger_ui import get_swaggerui_blueprint
from werkzeug.exceptions import NotFound
from werkzeug.middleware.proxy_fix import ProxyFix

from gateway.attendance import attachments, attendances, drafts, filing, flows, received, reports, setup
from gateway.attendance import dashboards as attendance_dashboards
from gateway.bus.rpc import Bus
from gateway.config import Config, from_environment
from gateway.customer import opt_out_page, quote_page
from gateway.http import access, auth, guards, methods, problems, transfer
from gateway.http.access_log import LookLog
from gateway.http.document import asyncapi
from gateway.http.document.api import DocumentedApi
from gateway.http.keys import KeyRing
from gateway.http.rates import CallerRates
from gateway.http.tokens import KnownTokens
from gateway.notifications import (
    accounts,
    audience,
    deliveries,
    emails,
    inbound,
    mail_templates,
    mailboxes,
    mailings,
    watching,
    webhooks,
    whatsapp,
    whatsapp_accounts,
    whatsapp_callbacks,
)
from gateway.observability import logs, tracing
from gateway.observability.metrics import Metrics
from gateway.people import (
    categories,
    companies,
    exports,
    imports,
    keys,
    lists,
    persons,
    relations,
    rights,
    session,
    users,
)
from gateway.sales import (
    actions,
    closing,
    commission,
    contracts,
    dashboards,
    documents,
    lost_reasons,
    nfe,
    opportunities,
    orders,
    pipeline,
    products,
    quote_links,
    quotes,
    receivables,
    service_orders,
    templates,
)
from gateway.scheduling import appointments
from gateway.views import day, sales_view
from services.chassis.observability import exposition

READY_SECONDS = 1.0
BLUEPRINTS = (
    session.blp,
    persons.blp,
    day.blp,
    lists.blp,
    relations.blp,
    categories.blp,
    rights.blp,
    imports.blp,
    exports.blp,
    attendances.blp,
    drafts.blp,
    setup.blp,
    flows.blp,
    filing.blp,
    attachments.blp,
    reports.blp,
    attendance_dashboards.blp,
    opportunities.blp,
    pipeline.blp,
    actions.blp,
    closing.blp,
    lost_reasons.blp,
    quotes.blp,
    quote_links.blp,
    documents.blp,
    templates.blp,
    products.blp,
    orders.blp,
    nfe.blp,
    receivables.blp,
    contracts.blp,
    dashboards.blp,
    commission.blp,
    service_orders.blp,
    sales_view.blp,
    users.blp,
    keys.blp,
    companies.blp,
    appointments.blp,
    watching.blp,
    deliveries.blp,
    inbound.blp,
    mailboxes.blp,
    received.blp,
    accounts.blp,
    emails.blp,
    audience.blp,
    webhooks.blp,
    mailings.blp,
    mail_templates.blp,
    whatsapp_accounts.blp,
    whatsapp.blp,
)


@dataclass(frozen=True)
class Vinculo:
    """The objects that all routes share."""

    config: Config
    bus: Bus
    metrics: Metrics
    keys: KeyRing
    tokens: KnownTokens
    looks: LookLog
    rates: CallerRates

    def close(self) -> None:
        """Tells people who looked, and ends the connection."""
        self.looks.close()
        self.bus.close()


def create_app(config: Config | None = None) -> Flask:
    """The WSGI application; opens no connection yet."""
    app = Flask(__name__, static_folder=None)
    config = config or from_environment()
    bus = Bus(config)
    rates = CallerRates(config.company_rate, config.key_rate)
    looks = LookLog(lambda: app.extensions["vinculo"].bus)
    app.extensions["vinculo"] = Vinculo(config, bus, Metrics(bus), KeyRing(), KnownTokens(), looks, rates)
    if config.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.trusted_proxies)  # type: ignore[method-assign]
    app.json.ensure_ascii = False  # type: ignore[attr-defined, unused-ignore]
    api = DocumentedApi.of(app)
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint)
    app.register_blueprint(quote_page.blp)
    app.register_blueprint(opt_out_page.blp)
    app.register_blueprint(whatsapp_callbacks.blp)
    app.register_blueprint(get_swaggerui_blueprint("/docs", "/openapi.json", {"app_name": "Vínculo"}))
    tracing.register(app)
    app.before_request(logs.begin)
    app.before_request(auth.authorise)
    app.before_request(_refuse_wrong_port)
    app.before_request(guards.check_request)
    # Flask runs these in reverse order
    app.after_request(logs.finish)
    transfer.register(app)
    app.after_request(guards.secure)
    problems.register(app)
    _add_health(app)
    methods.register(app)
    return app


def _add_health(app: Flask) -> None:
    vinculo: Vinculo = app.extensions["vinculo"]

    @app.get("/live")
    @access.public("asked by the supervisor")
    def live() -> Response:
        return jsonify(ok=True)

    @app.get("/ready")
    @access.public("asked by the supervisor")
    def ready() -> tuple[Response, int]:
        connected = vinculo.bus.connected(READY_SECONDS)
        return jsonify(ok=connected, troubles=[] if connected else ["broker"]), 200 if connected else 503

    @app.get("/asyncapi.json")
    @access.public("the form of what webhooks send, and nothing of a company")
    def events() -> Response:
        return jsonify(asyncapi.document())

    @app.get("/metrics")
    @access.public("answered at a port of its own, inside the installation; holds counts only")
    def metrics() -> Response:
        return Response(vinculo.metrics.text(), content_type=exposition.CONTENT_TYPE)


def _refuse_wrong_port() -> None:
    """Raises 404 for /metrics at the public port, and for every other route at the port of /metrics."""
    config: Config = current_app.extensions["vinculo"].config
    # the port before ProxyFix, so that no client can name another one
    environ = request.environ.get("werkzeug.proxy_fix.orig", request.environ)
    is_metrics_port = bool(config.metrics_port) and environ.get("SERVER_PORT") == str(config.metrics_port)
    if is_metrics_port is not (request.endpoint == "metrics"):
        raise NotFound
