"""Categories and characteristics by the names that people give them in files: the built-in ones and the company's own.

No framework, no store, no clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from services.chassis.texts import fold_name
from services.people.categories.model import CATEGORIES, Category, Characteristic
from services.people.imports.model.header_words import fold_header

MOST_NAMES = 100
# A name in a file may have so many times the signs that its folded form has: accents apart, doubled blanks.
SPARE = 4
SIGNS = re.compile(r"(\s*(?:[;,|]|:::)\s*)")


@dataclass(frozen=True)
class Catalogue:
    """`ids` by exact name and by the name's words; `names` by id.

    `most_pieces`, `longest`: of the names, as SIGNS splits them; what is longer is none of them.
    """

    ids: Mapping[str, str]
    names: Mapping[str, str]
    most_pieces: int = field(init=False)
    longest: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "most_pieces", max((len(SIGNS.split(name)) for name in self.ids), default=1))
        object.__setattr__(self, "longest", SPARE * max(map(len, self.ids), default=0))

    @classmethod
    def of(cls, names: Mapping[str, str]) -> Catalogue:
        by_words = {fold_header(name): key for key, name in names.items()}
        return cls({**by_words, **{fold_name(name): key for key, name in names.items()}}, names)

    def found_in(self, cell: str) -> tuple[list[str], int]:
        """The ids of the names in a cell, and how many of its texts are no name. A name may hold the signs between."""
        pieces = SIGNS.split(cell)[: 2 * MOST_NAMES]
        found: list[str] = []
        unknown = at = 0
        while at < len(pieces):
            end = self._end(pieces, at)
            text = "".join(pieces[at:end]).strip()
            known = self._id_of(text)
            found += [known] if known else []
            unknown += bool(text) and known is None
            at = end + 1
        return list(dict.fromkeys(found)), unknown

    def _end(self, pieces: Sequence[str], at: int) -> int:
        """Where the longest name ends that begins there; after one piece where none does."""
        last = min(len(pieces), at + self.most_pieces)
        for end in range(last - (last - at - 1) % 2, at, -2):
            text = "".join(pieces[at:end])
            if len(text) <= self.longest and fold_name(text) in self.ids:
                return end
        return at + 1

    def _id_of(self, text: str) -> str | None:
        if len(text) > self.longest:
            return None
        return self.ids.get(fold_name(text)) or self.ids.get(fold_header(text))

    def written(self, ids: Iterable[str]) -> str:
        return "; ".join(self.names.get(one, one) for one in ids)


@dataclass(frozen=True)
class Names:
    """`usable`: those of the company's own that may be given to a new person."""

    categories: Catalogue
    characteristics: Catalogue
    usable: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, categories: Iterable[Category] = (), characteristics: Iterable[Characteristic] = ()) -> Names:
        kinds, traits = list(categories), list(characteristics)
        active = [*(one.id for one in kinds if one.active), *(one.id for one in traits if one.active)]
        own = {one.id: one.name for one in kinds}
        built_in = Catalogue.of({**own, **CATEGORIES})
        keys = {fold_name(key): key for key in CATEGORIES}
        return cls(
            Catalogue({**keys, **built_in.ids}, built_in.names),
            Catalogue.of({one.id: one.name for one in traits}),
            frozenset(active),
        )
