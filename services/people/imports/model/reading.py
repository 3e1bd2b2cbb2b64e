"""The data read from one row of an imported file, and the parts that were left out.

No framework, no store, no clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from services.people.imports.model.cells import CNPJ, CPF
from services.people.imports.model.header_words import fold_header
from services.people.imports.model.layouts import AddressPart


class RowRefused(Exception):
    """The row is refused; the message, in pt-BR, names the column and never the value."""


@dataclass(frozen=True)
class Filled:
    """A cell that is not empty: its field, its text, the header of its column, and its part of an address (`place`)."""

    field: str
    text: str
    title: str
    place: AddressPart | None = None

    @property
    def lengths(self) -> tuple[int, ...]:
        """The lengths of the documents that the column may hold by its header: CPF, CNPJ or both."""
        words = fold_header(self.title).replace("cgc", "cnpj").split()
        return {(True, False): (CPF,), (False, True): (CNPJ,)}.get(("cpf" in words, "cnpj" in words), (CPF, CNPJ))

    @property
    def names_document(self) -> bool:
        return bool({"cpf", "cnpj", "cgc"} & set(fold_header(self.title).split()))


@dataclass
class Reading:
    """`data` as RegisterPerson takes it; `left_out` in pt-BR.

    `id` and `code` say who the person is, where the row is of an export; `given` are those of the data's names that the
    row itself says, `main_address` the filled parts of the first address, whole or not; of `partial` lists something
    was left out. `derived` are texts that the row says in other words; `only_new` was left out of a new person only.
    """

    data: dict[str, Any] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    id: str | None = None
    code: int | None = None
    given: set[str] = field(default_factory=set)
    main_address: dict[str, str] = field(default_factory=dict)
    partial: set[str] = field(default_factory=set)
    derived: set[str] = field(default_factory=set)
    only_new: list[str] = field(default_factory=list)

    def leave(self, title: str, why: str, of: str = "", new: bool = False) -> None:
        """Notes a part that was left out. `of`: the list that is partial now; `new`: it matters to new persons only."""
        note = f"{title[:60]}: {why}."
        notes = self.only_new if new else self.left_out
        if note not in notes:
            notes.append(note)
        if of:
            self.partial.add(of)


def texts_of(filled: Iterable[Filled], name: str) -> list[str]:
    return [one.text for one in filled if one.field == name]
