"""The OpenAPI document: made of the routes by flask-smorest, completed by this folder, and served at /openapi.json."""

from __future__ import annotations

from copy import deepcopy
from functools import cached_property
from threading import Lock
from typing import Any

from flask import Flask, Response, json
from flask_smorest import Api, Blueprint  # type: ignore[import-untyped, unused-ignore]

from gateway.http.document import answers, codes, headers, links, properties, refusals, words
from gateway.http.document.kinds import OurKinds

OPENAPI: dict[str, Any] = {
    "API_TITLE": "Vínculo",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/",
    "OPENAPI_JSON_PATH": "openapi.json",
    "API_SPEC_OPTIONS": {
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "apiKey": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
            }
        },
        "security": [{"bearer": []}, {"apiKey": []}],
    },
}


class DocumentedApi(Api):  # type: ignore[misc, unused-ignore]
    """Documents exactly the statuses that a route can answer; flask-smorest's "default" response is left out."""

    ERROR_SCHEMA = refusals.Problem
    DEFAULT_ERROR_RESPONSE_NAME = None

    @classmethod
    def of(cls, app: Flask) -> DocumentedApi:
        app.config.update(deepcopy(OPENAPI))  # apispec writes into its options
        kinds = OurKinds()
        return cls(app, spec_kwargs={"marshmallow_plugin": kinds, "extra_plugins": [refusals.Refusals()]})

    def __init__(self, *given: Any, **named: Any) -> None:
        self._blueprints: list[Blueprint] = []
        self._writing = Lock()
        super().__init__(*given, **named)

    def register_blueprint(self, blp: Blueprint, **options: Any) -> None:
        """Registers the routes only. Their documentation takes 6 MB, so it is made when the document is asked for,
        which most workers never are."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp, **options)
        self._blueprints.append(blp)

    @property
    def document(self) -> dict[str, Any]:
        with self._writing:
            return self._document

    @cached_property
    def _document(self) -> dict[str, Any]:
        """Made at the first request for it, when all routes are registered."""
        for blp in self._blueprints:
            blp.register_views_in_doc(self, self._app, self.spec, name=blp.name, parameters=None)
            self.spec.tag({"name": blp.name, "description": blp.description})
        made: dict[str, Any] = self.spec.to_dict()
        answers.separate_sent_from_answered(made)
        answers.without_defaults_of_changes(made)
        headers.put_into(made)
        words.put_into(made)
        properties.put_into(made)
        codes.put_into(made)
        links.put_into(made)
        from gateway.http.document import examples  # its tables are for the document alone

        examples.put_into(made)
        return made

    @cached_property
    def _text(self) -> str:
        return json.dumps(self.document, indent=2, sort_keys=False)

    def _openapi_json(self) -> Response:
        return Response(self._text, mimetype="application/json")
