"""What all blueprints share: relayed answers, the problem schema, query strings of pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from flask import Response, g, jsonify, make_response
from flask_smorest import Blueprint  # type: ignore[import-untyped, unused-ignore]
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import MultiDict

from gateway.bus.answers import Answer
from gateway.http.access import is_public
from gateway.http.document import headers
from gateway.http.document.refusals import problem_name
from gateway.http.strict import Accepted
from services.chassis.inputs import Cursor, Flag, Whole, Written
from services.chassis.schemas import Strict, instance

JSON = "application/json"
BINARY = {"type": "string", "format": "binary"}
TEXT = {"type": "string"}
YAML = {"type": "object"}


class Parser(FlaskParser):
    """Marks what comes from a query string as written: there, and nowhere else, digits are a number.

    A JSON body is read once, by who checks it (http/guards.py).
    """

    def load_json(self, req: Any, schema: Any) -> Any:
        return g.json_body if "json_body" in g else super().load_json(req, schema)

    def load_querystring(self, req: Any, schema: Any) -> Any:
        asked = MultiDict((name, Written(value)) for name, value in req.args.items(multi=True))
        return self._makeproxy(asked, schema)


class JsonBlueprint(Blueprint):  # type: ignore[misc, unused-ignore]
    """Documents the response's schema without dumping again: services answer JSON shaped by that very schema."""

    ARGUMENTS_PARSER = Parser()

    def arguments(self, schema: Any, **options: Any) -> Callable[[Any], Any]:
        """One instance of the schema for all requests: webargs would make one for each."""
        one = instance(schema) if isinstance(schema, type) else schema
        made: Callable[[Any], Any] = super().arguments(one, **options)
        location = options.get("location", "json")

        def decorate(view: Any) -> Any:
            known = accepted_by(view)
            taking = made(view)
            if location in ("query", "json"):
                taking.accepted = known.with_query(one) if location == "query" else known.with_body(one)
            return taking

        return decorate

    def response(self, status_code: int, schema: Any = None, **options: Any) -> Callable[[Any], Any]:
        document = super().response(status_code, schema, **options)

        def decorate(view: Any) -> Any:
            @wraps(view)
            def relay(*args: Any, **kwargs: Any) -> Response:
                result = view(*args, **kwargs)
                return result if isinstance(result, Response) else versioned(result, status_code)

            return document(relay)

        return decorate

    @staticmethod
    def summary(summary: str, more: str = "") -> Callable[[Any], Any]:
        """What the document says of the route, in Portuguese, to who integrates; its docstring is for us alone."""

        def mark(view: Any) -> Any:
            words = {"summary": summary, **({"description": more} if more else {})}
            view._apidoc = {**getattr(view, "_apidoc", {}), "manual_doc": {**_manual(view), **words}}
            return view

        return mark

    @staticmethod
    def honours(*names: str, secret: bool = False) -> Callable[[Any], Any]:
        """Headers beside those of its form (document/headers.py). `secret`: no Idempotency-Key keeps its answer."""

        def mark(view: Any) -> Any:
            marks = {headers.ALSO: [*names], headers.SECRET: secret}
            view._apidoc = {**getattr(view, "_apidoc", {}), "manual_doc": {**_manual(view), **marks}}
            return view

        return mark

    def _store_endpoint_docs(self, endpoint: str, obj: Any, *given: Any, **options: Any) -> None:
        """As flask-smorest's, without the docstring, and with the endpoint's name as the operation's."""
        super()._store_endpoint_docs(endpoint, obj, *given, **options)
        obj.accepted = accepted_by(obj)
        for verb, doc in self._docs[endpoint].items():
            if verb != "parameters":
                doc["docstring"] = {"operationId": endpoint, **({"security": []} if is_public(obj) else {})}

    def file(self, description: str, *media_types: str) -> Callable[[Any], Any]:
        """The answer is a file of one of these types; the document says no more of it."""

        def decorate(view: Any) -> Any:
            first, *others = media_types
            schema = YAML if first.endswith("yaml") else TEXT if first.startswith("text/") else BINARY
            answering = self.response(200, schema, description=description, content_type=first)(view)
            for other in others:
                schema = TEXT if other.startswith("text/") else BINARY
                answering = self.alt_response(200, schema=schema, description=description, content_type=other)(
                    answering
                )
            return answering

        return decorate


def accepted_by(view: Any) -> Accepted:
    """What the route may be sent; nothing, where it says nothing."""
    found: Accepted = getattr(view, "accepted", Accepted())
    return found


def _manual(view: Any) -> dict[str, Any]:
    found: dict[str, Any] = getattr(view, "_apidoc", {}).get("manual_doc", {})
    return found


def versioned(result: Any, status_code: int = 200) -> Response:
    """JSON, with the record's version as its ETag; what a service answered stays as it came."""
    if isinstance(result, Answer):
        answer, version = Response(result.body, status_code, content_type=JSON), result.version
    else:
        answer = make_response(jsonify(result), status_code)
        version = result.get("version") if isinstance(result, dict) else None
    if version is not None:
        answer.set_etag(str(version))
    return answer


class PageQuery(Strict):
    limit = Whole(1, 100, load_default=20)
    cursor = Cursor()


class CountedQuery(PageQuery):
    """`counted`: the answer's `count`, up to a limit, with the first page."""

    counted = Flag(load_default=False)


def refuses(blp: Blueprint, *statuses: int, edits: bool = True) -> Callable[[Any], Any]:
    """Names the problems that a route's own rules answer, beside those of every route (document/refusals.py).

    A PUT, PATCH or DELETE with 412 edits a record with a version, and needs If-Match: 428 (strict.py). Not so where
    `edits` is False: it makes the record as well, and who makes it has seen none.
    """

    def mark(view: Any) -> Any:
        for status in statuses:
            view = blp.alt_response(status, problem_name(status))(view)
        if 412 in statuses:
            view.accepted = replace(accepted_by(view), versioned=True, edits=edits)
            view._apidoc = {**view._apidoc, "manual_doc": {**_manual(view), headers.EDITS: edits}}
        return view

    return mark
