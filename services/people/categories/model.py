"""Categories and characteristics of persons (row P3): the built-in ones and a company's own.

No framework, store or clock may enter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from services.chassis.errors import Conflict
from services.people.options.model import SECTIONS
from services.people.shared.fields import refused, words

# The built-in categories; their sections are in options/model.py.
CATEGORIES = {
    "prospect": "Cliente em potencial",
    "client": "Cliente",
    "supplier": "Fornecedor",
    "carrier": "Transportadora",
    "representative": "Representante",
    "third_party": "Terceiro",
    "employee": "Funcionário",
    "dependent": "Dependente",
    "suspect": "Suspect",
}


def name_key(name: str) -> str:
    """The folded name: two names with the same key count as the same name; raises Invalid("name_missing")."""
    key = " ".join(words(name))
    if not key:
        raise refused("name_missing", "Informe o nome.", "name")
    return key


@dataclass
class Category:
    """A company's own category; it offers the `sections` chosen for it."""

    id: str
    name: str
    name_key: str
    sections: list[str] = field(default_factory=list)
    active: bool = True
    version: int = 1

    @classmethod
    def create(cls, id: str, data: dict[str, Any]) -> Category:
        """Raises Conflict("category_exists"), Invalid("section_unknown")."""
        category = cls(id, "", "")
        category._set(data)
        return category

    def change(self, data: dict[str, Any]) -> None:
        """Changes `name`, `sections` and `active` where they are given; raises what `create` raises."""
        self._set(data)

    def _set(self, data: dict[str, Any]) -> None:
        self.name = data.get("name", self.name)
        self.name_key = name_key(self.name)
        if self.name_key in {name_key(name) for name in CATEGORIES.values()}:
            raise Conflict("category_exists", "Já existe uma categoria com este nome.")
        self.sections = list(dict.fromkeys(data.get("sections", self.sections)))
        if not set(self.sections) <= set(SECTIONS):
            raise refused("section_unknown", "Há seções desconhecidas.", "sections")
        self.active = data.get("active", self.active)


@dataclass
class Characteristic:
    """A company's own characteristic of persons; `message` is shown when such a person is opened."""

    id: str
    name: str
    name_key: str
    message: str = ""
    active: bool = True
    version: int = 1

    @classmethod
    def create(cls, id: str, data: dict[str, Any]) -> Characteristic:
        characteristic = cls(id, "", "")
        characteristic.change(data)
        return characteristic

    def change(self, data: dict[str, Any]) -> None:
        """Changes `name`, `message` and `active` where they are given."""
        self.name = data.get("name", self.name)
        self.name_key = name_key(self.name)
        self.message = data.get("message", self.message)
        self.active = data.get("active", self.active)


def check_categories(asked: Iterable[str], own: Iterable[str]) -> list[str]:
    """The ids, each once; `own`: the company's categories that may be given. Raises Invalid("category_unknown")."""
    unique = list(dict.fromkeys(asked))
    if not unique or not set(unique) <= {*CATEGORIES, *own}:
        raise refused("category_unknown", "Informe ao menos uma categoria conhecida e ativa.", "category_ids")
    return unique


def check_characteristics(asked: Iterable[str], known: Iterable[str]) -> list[str]:
    """The ids, each once; raises Invalid("characteristic_unknown")."""
    unique = list(dict.fromkeys(asked))
    if not set(unique) <= set(known):
        raise refused("characteristic_unknown", "Informe características conhecidas e ativas.", "characteristic_ids")
    return unique
