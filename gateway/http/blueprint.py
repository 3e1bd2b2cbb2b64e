"""What all blueprints share: relayed answers, the problem schema, query strings of pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, g, jsonify, make_response
from flask_smorest import Blueprint  # type: ignore[import-untyped, unused-ignore]
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import MultiDict

from gateway.bus.answers import Answer
from gateway.http.described import problem_name
from services.chassis.inputs import Cursor, Whole, Written
from services.chassis.schemas import Strict, instance

JSON = "application/json"
BINARY = {"type": "string", "format": "binary"}
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
        made: Callable[[Any], Any] = super().arguments(
            instance(schema) if isinstance(schema, type) else schema, **options
        )
        return made

    def response(self, status_code: int, schema: Any = None, **options: Any) -> Callable[[Any], Any]:
        document = super().response(status_code, schema, **options)

        def decorate(view: Any) -> Any:
            @wraps(view)
            def relay(*args: Any, **kwargs: Any) -> Response:
                result = view(*args, **kwargs)
                return result if isinstance(result, Response) else versioned(result, status_code)

            return document(relay)

        return decorate

    def file(self, description: str, *media_types: str) -> Callable[[Any], Any]:
        """The answer is a file of one of these types; the document says no more of it."""

        def decorate(view: Any) -> Any:
            first, *others = media_types
            schema = YAML if first.endswith("yaml") else BINARY
            answering = self.response(200, schema, description=description, content_type=first)(view)
            for other in others:
                answering = self.alt_response(200, schema=schema, description=description, content_type=other)(
                    answering
                )
            return answering

        return decorate


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


def refuses(blp: Blueprint, *statuses: int) -> Callable[[Any], Any]:
    """Names the problems that a route's own rules answer, beside those that every route has (http/described.py)."""

    def mark(view: Any) -> Any:
        for status in statuses:
            view = blp.alt_response(status, problem_name(status))(view)
        return view

    return mark
