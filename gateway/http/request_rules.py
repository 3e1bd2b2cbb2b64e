"""What a request may contain: an unknown parameter, a body that is not read and an If-Match that is not compared are
refused, and never ignored.

A route's parameters come from its schemas (blueprint.py stores them as `Accepted`), so there is no second list of them.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from marshmallow import Schema, fields
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import PreconditionRequired

from services.chassis.errors import Invalid

SHOWN = 60
# The methods that change or delete a record.
EDITS = ("PUT", "PATCH", "DELETE")


class PreconditionMissing(PreconditionRequired):
    """428: an edit without the version that its author saw could undo what others did meanwhile."""

    problem_code = "precondition_required"
    detail = (
        "Diga em If-Match qual versão do registro foi vista: o ETag da leitura, ou a sua `version` entre aspas; "
        "* altera qualquer versão."
    )


@dataclass(frozen=True)
class Accepted:
    """What a route accepts. `names`: the parameters of its query string; `several`: those that may be repeated.
    `body`: the schema of its JSON body; `needs_body`: a field of it is required. `versioned`: the route compares
    If-Match; with `edits` the methods of EDITS require it."""

    names: tuple[str, ...] = ()
    several: frozenset[str] = frozenset()
    body: Schema | None = None
    needs_body: bool = False
    versioned: bool = False
    edits: bool = True

    def with_query(self, schema: Schema) -> Accepted:
        named = {field.data_key or name: field for name, field in schema.fields.items() if not field.dump_only}
        several = {name for name, field in named.items() if isinstance(field, fields.List)}
        return replace(self, names=(*self.names, *named), several=self.several | several)

    def with_body(self, schema: Schema) -> Accepted:
        needed = any(field.required and not field.dump_only for field in schema.fields.values())
        return replace(self, body=schema, needs_body=self.needs_body or needed)


def check_query(accepted: Accepted, query: MultiDict[str, str]) -> None:
    """Raises Invalid: parameter_unknown, with the nearest known name; parameter_repeated."""
    unknown = [name for name in query if name not in accepted.names]
    if unknown:
        messages = {name[:SHOWN]: [_unknown(name, accepted.names)] for name in unknown[:10]}
        raise Invalid("parameter_unknown", next(iter(messages.values()))[0], fields=messages)
    repeated = [name for name in query if len(query.getlist(name)) > 1 and name not in accepted.several]
    if repeated:
        detail = f"O parâmetro “{repeated[0]}” veio mais de uma vez."
        raise Invalid("parameter_repeated", detail, fields={name: ["Envie uma vez só."] for name in repeated})


def needs_version(accepted: Accepted, method: str) -> bool:
    """Whether the request needs If-Match: each edit of a record with a version does."""
    return accepted.versioned and accepted.edits and method in EDITS


def check_version(accepted: Accepted, method: str, if_match: str | None) -> None:
    """Raises Invalid("if_match_unexpected") where the route would not compare the version (`*` is any version), and
    PreconditionMissing where If-Match is needed and missing."""
    if if_match is None and needs_version(accepted, method):
        raise PreconditionMissing()
    if if_match is not None and if_match.strip() != "*" and not accepted.versioned:
        detail = "Esta operação não confere a versão do registro (If-Match)."
        raise Invalid("if_match_unexpected", detail, fields={"If-Match": [detail]})


def check_body(accepted: Accepted, body: Any) -> None:
    """`body`: the JSON of the request, None without one. Raises Invalid: body_missing, body_unexpected."""
    if body is None and accepted.needs_body:
        raise Invalid("body_missing", "Envie o corpo da requisição, em JSON.")
    if body not in (None, {}) and accepted.body is None:
        raise Invalid("body_unexpected", "Esta operação não recebe dados no corpo da requisição.")


def _unknown(name: str, names: Iterable[str]) -> str:
    known = sorted(names)
    sentence = f"O parâmetro “{name[:SHOWN]}” não existe"
    nearest = difflib.get_close_matches(name[:SHOWN].lower(), known, 1)
    if nearest:
        return f"{sentence}; você quis dizer “{nearest[0]}”?"
    if known:
        return f"{sentence}; este endereço aceita: {', '.join(known)}."
    return f"{sentence}; este endereço não aceita nenhum."
