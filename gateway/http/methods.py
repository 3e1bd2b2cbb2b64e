"""A path without parameters has its own methods only, not those of a path with parameters that matches it too.

`/v1/opportunities/archived` is not an opportunity of that id: it has no DELETE, though
`/v1/opportunities/<opportunity_id>` has one.
"""

from __future__ import annotations

from collections import defaultdict

from flask import Flask, Response, request
from werkzeug.exceptions import MethodNotAllowed


def register(app: Flask) -> None:
    """Adds the check to `app`; to be called after all routes are added."""
    own: dict[str, set[str]] = defaultdict(set)
    for rule in app.url_map.iter_rules():
        if not rule.arguments:
            own[rule.rule].update(rule.methods or ())

    @app.before_request
    def check_method() -> Response | None:
        """Answers OPTIONS; raises MethodNotAllowed (405)."""
        allowed = own.get(request.path)
        if allowed is None or request.method in allowed - {"OPTIONS"}:
            return None
        if request.method != "OPTIONS":
            raise MethodNotAllowed(valid_methods=sorted(allowed))
        answer = app.response_class()
        answer.allow.update(allowed)
        return answer
