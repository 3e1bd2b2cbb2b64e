"""What the gateway asks is what the services promise: the method, its kind, its permission and its input's names."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import pytest
from flask import Flask
from marshmallow import Schema

from deploy.topology import SERVICES
from gateway.attendance import setup
from gateway.http import access
from gateway.views import person_view, sales_view, timeline
from services.catalogue import SERVICES as REPORTED
from services.chassis.handling.requests import RpcSpec
from tests.contract.write_openapi import application
from tests.support.gateway_calls import COMMAND, QUERY, SECRET, Asked, Source, sources
from tests.support.route_requests import asked_by
from tests.support.sources import ROOT

UPLOADS = {
    "people": {"begin_import", "add_import_part", "recognise_import", "cancel_import"},
    "notifications": {"begin_whatsapp_upload", "add_whatsapp_upload_part", "finish_whatsapp_upload"},
    "attendance": {"begin_upload", "begin_opening_upload", "send_part", "finish_upload", "discard_upload"},
}


def _setup() -> Iterator[Asked]:
    for kind in setup.KINDS:
        named: dict[str, Any] = {"place": f"setup.{kind.one}", "service": "attendance"}
        read, write = {**named, "needs": "attendance.read"}, {**named, "needs": "attendance.configure"}
        by_id = frozenset({"id"})
        yield Asked(**read, method=f"list_{kind.many}", kind=QUERY, whole=True)
        yield Asked(**read, method=setup.GETS.get(kind.one, f"get_{kind.one}"), kind=QUERY, keys=by_id, whole=True)
        yield Asked(**write, method=f"create_{kind.one}", kind=COMMAND, schemas=(kind.creates,))
        yield Asked(**write, method=f"change_{kind.one}", kind=COMMAND, schemas=(kind.changes,), keys=by_id)
        yield Asked(**write, method=f"delete_{kind.one}", kind=COMMAND, keys=by_id, whole=True)


def _timeline() -> Iterator[Asked]:
    for part in timeline.PARTS:
        keys = frozenset({part.by, "limit", "cursor", *dict(part.data)})
        yield Asked(f"timeline.{part.name}", part.service, part.method, QUERY, keys, True, needs=f"{part.service}.read")


def _person_view() -> Iterator[Asked]:
    for one in person_view.SECTIONS:
        keys = one.request("p1", ("open",)).data.keys()
        place = f"person_view.{one.name}"
        yield Asked(place, one.service, one.method, QUERY, frozenset(keys), True, needs=one.permission)


def _sales_view() -> Iterator[Asked]:
    for name, (method, more) in sales_view.SECTIONS.items():
        keys = frozenset({"person_id", "counted", *more})
        yield Asked(f"sales_view.{name}", "sales", method, QUERY, keys, True, needs="sales.read")


def _report() -> Iterator[Asked]:
    keys = frozenset({"person_id", "limit", "cursor"})
    return (Asked("report", name, "get_person_data", QUERY, keys, True, needs="people.administer") for name in REPORTED)


def _uploads() -> Iterator[Asked]:
    for service, methods in UPLOADS.items():
        yield from (Asked(f"uploads.{method}", service, method, COMMAND) for method in sorted(methods))


# Modules whose methods come from tables, by what the tables say.
TABLES: dict[str, Callable[[], Iterable[Asked]]] = {
    "gateway.attendance.setup": _setup,
    "gateway.views.timeline": _timeline,
    "gateway.views.person_view": _person_view,
    "gateway.views.sales_view": _sales_view,
    "gateway.views.person_report": _report,
    "gateway.http.uploads": _uploads,
}
# What every request goes through: it passes on the names that it is given.
MACHINERY = {"gateway.bus.rpc", "gateway.http.requests"}
# "<service>.<method>" that no request of the gateway asks for, and who does.
NOT_BY_THE_GATEWAY = {
    "people.record_look": "gateways of an earlier version, whose messages may wait for a day",
    "sales.unsettle_receivable": "the gateway of the version before, beside which this one runs while it is rolled out",
}
# "<place's module> <service>.<method>": why a route asks for something else than its service does.
OTHER_PERMISSION: dict[str, str] = {
    "gateway.people.rights people.get_person": "looks for the person before its report is made",
    "gateway.notifications.whatsapp_callbacks notifications.verify_whatsapp_callback": "the token is the proof",
    "gateway.notifications.whatsapp_callbacks notifications.take_whatsapp_callback": "the signature is the proof",
    "gateway.customer.quote_page sales.get_shared_quote": "the link's secret is the proof",
    "gateway.customer.quote_page sales.answer_quote": "the link's secret is the proof",
    "gateway.customer.quote_page people.get_company": "asked once the link's secret is proved",
    "gateway.customer.opt_out_page notifications.get_opt_out": "the link's signature is the proof",
    "gateway.customer.opt_out_page notifications.opt_out": "the link's signature is the proof",
    "gateway.notifications.filter_names people.list_categories": "who may not read them sees no names",
    "gateway.notifications.filter_names people.list_characteristics": "likewise",
    "gateway.notifications.mailings notifications.get_mail_template": "copied for who may use it",
    "gateway.notifications.mailings people.get_company": "who answers for it; gathering needs people.read, too",
    "gateway.sales.templates sales.get_template": "reads what is about to be changed",
}

# Routes that ask for a permission which no service asks for, and why.
OF_THE_GATEWAY_ALONE = {
    "mail_templates.list_mail_variables": "what the template language knows, of no company",
    "mail_templates.preview_mail_template": "a text of the caller's own, with sample values",
    "templates.list_variables": "what the template language knows, of no company",
    "templates.preview_template": "a text of the caller's own; what it shows of a quote is asked for with sales.read",
}


@cache
def specs() -> dict[str, RpcSpec]:
    return {
        f"{service.name}.{name}": vars(method)["chassis_rpc"]
        for service in SERVICES
        for name, method in inspect.getmembers(service, inspect.isfunction)
        if "chassis_rpc" in vars(method)
    }


@cache
def asked() -> tuple[Asked, ...]:
    read = [one for source in sources() for one in source.asked() if one.service and one.method]
    return (*read, *(one for table in TABLES.values() for one in table()))


def wrong_methods(found: Iterable[Asked]) -> Iterator[str]:
    yield from (f"{one.place}: {one.service}.{one.method}" for one in found if _spec(one) is None)


def wrong_kinds(found: Iterable[Asked]) -> Iterator[str]:
    for one in found:
        if spec := _spec(one):
            kind = SECRET if spec.secret else COMMAND if spec.is_command else QUERY
            if kind != one.kind:
                yield f"{one.place}: {one.service}.{one.method} is a {kind}, asked as a {one.kind}"


def wrong_permissions(found: Iterable[Asked]) -> Iterator[str]:
    """Whom the route lets in, the service refuses; or the route asks for less than it may be thought to.

    What has no route in its module (views/, documents/, helpers) is judged by its service alone.
    """
    for one in found:
        spec, module = _spec(one), one.place.partition(":")[0]
        needs = "installation.sign_in" if one.needs == "public" else one.needs
        explained = f"{module} {one.service}.{one.method}" in OTHER_PERMISSION
        if spec and needs and needs != spec.needs and not explained:
            yield f"{one.place}: {one.service}.{one.method} needs {spec.needs}, the route {needs}"


def wrong_names(found: Iterable[Asked]) -> Iterator[str]:
    for one in found:
        spec = _spec(one)
        if spec is None:
            continue
        takes, given = _fields(spec.takes), set(one.keys)
        for schema in one.schemas:
            given |= _fields(schema).keys() if not one.whole else set()
        yield from (f"{one.place}: {one.service}.{one.method} knows no {name}" for name in sorted(given - takes.keys()))
        required = {name for name, field in takes.items() if field.required}
        if one.whole:
            yield from (
                f"{one.place}: {one.service}.{one.method} is given no {name}" for name in sorted(required - given)
            )


def _fields(schema: type[Schema]) -> dict[str, Any]:
    """By their own names, which they have on the bus."""
    return {name: field for name, field in schema().fields.items() if not field.dump_only}


def _spec(one: Asked) -> RpcSpec | None:
    return specs().get(f"{one.service}.{one.method}")


def test_the_gateways_requests_are_all_read() -> None:
    unread = {
        source.name for source in sources() for one in source.asked() if one.service is None or one.method is None
    }
    assert unread == set(TABLES) | MACHINERY
    assert len(asked()) > 280
    text = (ROOT / "gateway" / "http" / "uploads.py").read_text()
    assert set(re.findall(r'steps\.(?:begin|order|send)\(\s*"(\w+)"', text)) == set().union(*UPLOADS.values())


@pytest.mark.parametrize("rule", [wrong_methods, wrong_kinds, wrong_permissions, wrong_names])
def test_every_request_is_as_its_service_promises(rule: Callable[[Iterable[Asked]], Iterator[str]]) -> None:
    assert sorted(rule(asked())) == []


def lenient_services(app: Flask) -> Iterator[str]:
    """Routes that let in fewer than the services that they ask: there, whoever gets to the bus gets further."""
    tables = {module: tuple(table()) for module, table in TABLES.items()}
    for endpoint, view in app.view_functions.items():
        rule = access.rule_of(app, endpoint)
        asked_for = {spec.needs for one in asked_by(view, tables) if (spec := _spec(one))}
        if rule not in (None, access.PUBLIC, *asked_for):
            yield endpoint


def test_a_service_asks_for_the_permission_of_each_route_itself() -> None:
    app = application()
    assert len(app.view_functions) > 390
    assert set(lenient_services(app)) == OF_THE_GATEWAY_ALONE.keys()


def test_a_route_that_is_stricter_than_its_service_is_seen() -> None:
    app = application()
    view: Any = inspect.unwrap(app.view_functions["person_rights.list_merged_persons"])
    app.view_functions = {"planted": access.needs("people.administer")(lambda person_id: view(person_id))}
    app.view_functions["planted"].__wrapped__ = view
    assert set(lenient_services(app)) == {"planted"}


def test_every_method_of_a_service_is_asked_for() -> None:
    assert specs().keys() - {f"{one.service}.{one.method}" for one in asked()} == NOT_BY_THE_GATEWAY.keys()


PLANTED = """
@needs("sales.read")
def lookup(order_id): return send_query("sales", "get_ordre", {"id": order_id})
@needs("sales.read")
def ask_a_command(quote_id): return send_query("sales", "revise_quote", {"quote_id": quote_id})
@needs("sales.read")
def order_a_query(order_id): return bus().call("sales", "get_order", {"id": order_id}, context, command=True)
@needs("people.write")
def in_the_clear(data): return send_command("people", "create_user", Any, data)
@needs("people.read")
def for_anybody(order_id): return send_query("sales", "get_order", {"id": order_id})
def _wrapped(method, order_id): return send_query("sales", method, {"order": order_id})
@needs("sales.read")
def by_a_helper(order_id): return _wrapped("get_order", order_id)
@needs("sales.read")
def gathered(order_id):
    with bus().gather(context, Request("sales", "get_order", {})) as calls: return calls
"""


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (wrong_methods, ["sales.get_ordre"]),
        (
            wrong_kinds,
            [
                "people.create_user is a secret, asked as a command",
                "sales.get_order is a query, asked as a command",
                "sales.revise_quote is a command, asked as a query",
            ],
        ),
        (wrong_permissions, ["sales.get_order needs sales.read, the route people.read"]),
        (wrong_names, ["sales.get_order is given no id", "sales.get_order knows no order"]),
    ],
)
def test_each_rule_finds_what_is_planted(rule: Callable[[Iterable[Asked]], Iterator[str]], told: list[str]) -> None:
    found = list(Source("planted", ast.parse(PLANTED)).asked())
    assert len(found) == 7
    said = {one.partition(": ")[2] for one in rule(found)}
    assert set(told) <= said, said
