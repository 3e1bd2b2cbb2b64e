"""What a request may say: a name that no route knows is refused, and not passed over, for it was meant to do something.

Each route's names come from its schemas (blueprint.py keeps them as `Accepted`), so there is no second list of them.
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
# The methods that change a record, or take it away.
EDITS = ("PUT", "PATCH", "DELETE")


class PreconditionMissing(PreconditionRequired):
    """428: an edit that does not say what it was made of would undo what others did meanwhile."""

    problem_code = "precondition_required"
    detail = (
        "Diga em If-Match qual versão do registro foi vista: o ETag da leitura, ou a sua `version` entre aspas; "
        "* altera qualquer versão."
    )


@dataclass(frozen=True)
class Accepted:
    """`names`: of its query string, `several` those that may be there more than once. `body`: the schema of its JSON,
    which is there in any case (`needs_body`) where any of its fields is required. `versioned`: it compares If-Match,
    and where `edits` are what it does, If-Match must be there (`EDITS`)."""

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


def check_query(accepted: Accepted, asked: MultiDict[str, str]) -> None:
    """Raises Invalid: parameter_unknown, with the nearest known name; parameter_repeated."""
    unknown = [name for name in asked if name not in accepted.names]
    if unknown:
        messages = {name[:SHOWN]: [_unknown(name, accepted.names)] for name in unknown[:10]}
        raise Invalid("parameter_unknown", next(iter(messages.values()))[0], fields=messages)
    repeated = [name for name in asked if len(asked.getlist(name)) > 1 and name not in accepted.several]
    if repeated:
        detail = f"O parâmetro “{repeated[0]}” veio mais de uma vez."
        raise Invalid("parameter_repeated", detail, fields={name: ["Envie uma vez só."] for name in repeated})


def needs_version(accepted: Accepted, method: str) -> bool:
    """Whether If-Match must be there: in each edit of a record with a version."""
    return accepted.versioned and accepted.edits and method in EDITS


def check_version(accepted: Accepted, method: str, if_match: str | None) -> None:
    """Raises Invalid("if_match_unexpected") where nobody would compare the version, `*` is any;
    PreconditionMissing where the version must be said and is not."""
    if if_match is None and needs_version(accepted, method):
        raise PreconditionMissing()
    if if_match is not None and if_match.strip() != "*" and not accepted.versioned:
        detail = "Esta operação não confere a versão do registro (If-Match)."
        raise Invalid("if_match_unexpected", detail, fields={"If-Match": [detail]})


def check_body(accepted: Accepted, body: Any) -> None:
    """`body`: the JSON that came, None where none did. Raises Invalid: body_missing, body_unexpected."""
    if body is None and accepted.needs_body:
        raise Invalid("body_missing", "Envie o corpo da requisição, em JSON.")
    if body not in (None, {}) and accepted.body is None:
        raise Invalid("body_unexpected", "Esta operação não recebe dados no corpo da requisição.")


def _unknown(name: str, names: Iterable[str]) -> str:
    known = sorted(names)
    said = f"O parâmetro “{name[:SHOWN]}” não existe"
    nearest = difflib.get_close_matches(name[:SHOWN].lower(), known, 1)
    if nearest:
        return f"{said}; você quis dizer “{nearest[0]}”?"
    return (
        f"{said}; este endereço aceita: {', '.join(known)}." if known else f"{said}; este endereço não aceita nenhum."
    )
