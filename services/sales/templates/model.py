"""The company's templates of quotes and visit sheets (rows S12, S23).

Here they are named texts; the gateway checks and renders their language (docs/adr/0016). No framework, store or clock
may enter.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.chassis.errors import Conflict, Invalid
from services.sales.shared.names import same_name

QUOTE, VISIT_SHEET = "quote", "visit_sheet"
TEMPLATE_KINDS = (QUOTE, VISIT_SHEET)
MOST_TEMPLATES = 30
FOLDER = Path(__file__).parent / "data"
# Name and subject of the built-in templates.
BUILT_IN = {
    QUOTE: ("Proposta padrão", "Proposta nº {{ proposta.numero }} — {{ empresa.nome }}"),
    VISIT_SHEET: ("Ficha de visita padrão", "Ficha de visita — {{ cliente.nome }}"),
}
PREFIX = "builtin-"


@dataclass
class Template:
    """`subject` and `body` (HTML) are in the gateway's template language. `version` 0: built in, and never changed."""

    id: str
    kind: str
    name: str
    subject: str
    body: str
    updated_by: str = ""
    updated_at: dt.datetime | None = None
    version: int = 1
    updated_by_id: str | None = None

    @property
    def built_in(self) -> bool:
        return self.id.startswith(PREFIX)

    def change(self, by: str, at: dt.datetime, seen: int | None, by_id: str | None = None, **texts: str) -> None:
        """Sets the given texts; raises Conflict("template_built_in"), or "version_changed" if the version is not
        `seen`.
        """
        self.refuse_built_in()
        if seen is not None and seen != self.version:
            detail = "O modelo foi alterado por outra pessoa; carregue-o novamente."
            raise Conflict("version_changed", detail, version=self.version)
        for name, text in texts.items():
            setattr(self, name, text)
        self.updated_by, self.updated_at, self.updated_by_id = by, at, by_id

    def refuse_built_in(self) -> None:
        """Raises Conflict("template_built_in")."""
        if self.built_in:
            raise Conflict("template_built_in", "O modelo padrão não muda; crie um modelo seu a partir dele.")


@dataclass
class DefaultTemplates:
    """The template of each kind that is used where none is named: the chosen one, else the built-in one."""

    quote: str | None = None
    visit_sheet: str | None = None
    version: int = 0

    def of(self, kind: str) -> str:
        chosen: str | None = getattr(self, kind)
        return chosen or built_in(kind).id

    def choose(self, template: Template) -> None:
        setattr(self, template.kind, None if template.built_in else template.id)

    def forget(self, template: Template) -> None:
        """Undoes the choice of this template."""
        if getattr(self, template.kind) == template.id:
            setattr(self, template.kind, None)


@cache
def built_in(kind: str) -> Template:
    """The built-in template of a kind, the same for all companies."""
    name, subject = BUILT_IN[kind]
    return Template(f"{PREFIX}{kind}", kind, name, subject, (FOLDER / f"{kind}.html").read_text("utf-8"), version=0)


def find_built_in(template_id: str) -> Template | None:
    return next((built_in(kind) for kind in TEMPLATE_KINDS if built_in(kind).id == template_id), None)


def refuse_more(others: list[Template]) -> None:
    """Raises Conflict("templates_full")."""
    if len(others) >= MOST_TEMPLATES:
        raise Conflict("templates_full", f"A empresa tem no máximo {MOST_TEMPLATES} modelos de cada tipo.")


def refuse_double(name: str, others: list[Template]) -> None:
    """`others`: of the same kind. Raises Conflict("template_exists")."""
    if any(same_name(other.name, name) for other in others):
        raise Conflict("template_exists", "Já existe um modelo com este nome.")


def refuse_other_kind(template: Template, kind: str) -> None:
    """Raises Invalid("template_kind_wrong")."""
    if template.kind != kind:
        detail = "Este modelo é de outro tipo de documento."
        raise Invalid("template_kind_wrong", detail, fields={"template_id": [detail]})
