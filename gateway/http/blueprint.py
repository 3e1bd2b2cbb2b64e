"""What all blueprints share: the decorators of routes, relayed answers, and the query strings of pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any
from urllib.parse import quote

from flask import Response, g, jsonify, make_response
from flask_smorest import Blueprint  # type: ignore[import-untyped, unused-ignore]
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import MultiDict

from gateway.bus.answers import Answer
from gateway.http.access import is_public
from gateway.http.document import headers
from gateway.http.document.refusals import problem_name
from gateway.http.request_rules import Accepted
from services.chassis.inputs import Cursor, Flag, Whole, Written
from services.chassis.schemas import Strict, instance

JSON = "application/json"
BINARY = {"type": "string", "format": "binary"}
TEXT = {"type": "string"}
YAML = {"type": "object"}
LOCATION = {"description": "Onde se lê o que foi criado", "schema": {"type": "string"}}


class Parser(FlaskParser):
    """Marks values of a query string as `Written`: only there digits are accepted for a number.

    A JSON body is not parsed here, but taken from http/guards.py.
    """

    def load_json(self, req: Any, schema: Any) -> Any:
        return g.json_body if "json_body" in g else super().load_json(req, schema)

    def load_querystring(self, req: Any, schema: Any) -> Any:
        query = MultiDict((name, Written(value)) for name, value in req.args.items(multi=True))
        return self._makeproxy(query, schema)


class JsonBlueprint(Blueprint):  # type: ignore[misc, unused-ignore]
    """Documents the response's schema without dumping again: services answer JSON shaped by that very schema."""

    ARGUMENTS_PARSER = Parser()

    def arguments(self, schema: Any, **options: Any) -> Callable[[Any], Any]:
        """As flask-smorest's, but with one instance of the schema for all requests: webargs would make one for each."""
        single = instance(schema) if isinstance(schema, type) else schema
        decorator: Callable[[Any], Any] = super().arguments(single, **options)
        location = options.get("location", "json")

        def decorate(view: Any) -> Any:
            known = accepted_by(view)
            decorated = decorator(view)
            if location in ("query", "json"):
                decorated.accepted = known.with_query(single) if location == "query" else known.with_body(single)
            return decorated

        return decorate

    def response(self, status_code: int, schema: Any = None, *, at: str = "", **options: Any) -> Callable[[Any], Any]:
        """`at`: where the record that is made can be read, "/v1/orders/{id}", with `id` of the answer and what the
        route's path names; the answer has it as its Location."""
        if at:
            options["headers"] = {"Location": LOCATION}
        document = super().response(status_code, schema, **options)

        def decorate(view: Any) -> Any:
            @wraps(view)
            def relay(*args: Any, **kwargs: Any) -> Response:
                result = view(*args, **kwargs)
                if isinstance(result, Response):
                    return result
                return created(result, at, kwargs) if at else versioned(result, status_code)

            return document(relay)

        return decorate

    @staticmethod
    def summary(summary: str, more: str = "") -> Callable[[Any], Any]:
        """The route's summary and description in the API document, in Portuguese; its docstring is not published."""

        def mark(view: Any) -> Any:
            words = {"summary": summary, **({"description": more} if more else {})}
            view._apidoc = {**getattr(view, "_apidoc", {}), "manual_doc": {**_manual(view), **words}}
            return view

        return mark

    @staticmethod
    def honours(*names: str, secret: bool = False) -> Callable[[Any], Any]:
        """Documents headers beyond the usual ones (document/headers.py). `secret`: its answer is not stored, so an
        Idempotency-Key has no effect."""

        def mark(view: Any) -> Any:
            marks = {headers.ALSO: [*names], headers.SECRET: secret}
            view._apidoc = {**getattr(view, "_apidoc", {}), "manual_doc": {**_manual(view), **marks}}
            return view

        return mark

    def _store_endpoint_docs(self, endpoint: str, obj: Any, *given: Any, **options: Any) -> None:
        """As flask-smorest's, but without the docstring, and with the endpoint's name as the operation's id."""
        super()._store_endpoint_docs(endpoint, obj, *given, **options)
        obj.accepted = accepted_by(obj)
        for verb, doc in self._docs[endpoint].items():
            if verb != "parameters":
                doc["docstring"] = {"operationId": endpoint, **({"security": []} if is_public(obj) else {})}

    def file(self, description: str, *media_types: str) -> Callable[[Any], Any]:
        """Documents the answer as a file of one of these media types."""

        def decorate(view: Any) -> Any:
            first, *others = media_types
            schema = YAML if first.endswith("yaml") else TEXT if first.startswith("text/") else BINARY
            view = self.response(200, schema, description=description, content_type=first)(view)
            for other in others:
                schema = TEXT if other.startswith("text/") else BINARY
                view = self.alt_response(200, schema=schema, description=description, content_type=other)(view)
            return view

        return decorate


def accepted_by(view: Any) -> Accepted:
    """What the route accepts: by default neither parameters nor a body."""
    found: Accepted = getattr(view, "accepted", Accepted())
    return found


def _manual(view: Any) -> dict[str, Any]:
    found: dict[str, Any] = getattr(view, "_apidoc", {}).get("manual_doc", {})
    return found


def versioned(result: Any, status_code: int = 200) -> Response:
    """A JSON response with the record's version as its ETag; the bytes of a service's Answer are not changed."""
    if isinstance(result, Answer):
        answer, version = Response(result.body, status_code, content_type=JSON), result.version
    else:
        answer = make_response(jsonify(result), status_code)
        version = result.get("version") if isinstance(result, dict) else None
    if version is not None:
        answer.set_etag(str(version))
    return answer


def created(result: Any, at: str, path: Mapping[str, Any]) -> Response:
    """The answer 201 with the record that was made and its address: `at`, filled with its id and the ids of `path`."""
    answer = versioned(result, 201)
    names = {**path, "id": result["id"]}
    answer.headers["Location"] = at.format_map({name: quote(str(value), safe="") for name, value in names.items()})
    return answer


class PageQuery(Strict):
    limit = Whole(1, 100, load_default=20)
    cursor = Cursor()


class CountedQuery(PageQuery):
    """`counted`: the answer's `count`, up to a limit, with the first page."""

    counted = Flag(load_default=False)


def refuses(blp: Blueprint, *statuses: int, edits: bool = True) -> Callable[[Any], Any]:
    """Documents the statuses of a route's own refusals, beside those of every route (document/refusals.py).

    A PUT, PATCH or DELETE with 412 edits a record with a version, and needs If-Match (else 428, request_rules.py),
    unless `edits` is False: for routes that may also create the record, of which the caller has seen no version yet.
    """

    def mark(view: Any) -> Any:
        for status in statuses:
            view = blp.alt_response(status, problem_name(status))(view)
        if 412 in statuses:
            view.accepted = replace(accepted_by(view), versioned=True, edits=edits)
            view._apidoc = {**view._apidoc, "manual_doc": {**_manual(view), headers.EDITS: edits}}
        return view

    return mark
