"""The markers that a company puts on opportunities (row S7).

Deleting a marker removes it from this list only; opportunities keep its id, which is never shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from services.chassis.errors import Conflict, NotFound
from services.sales.shared.names import same_name

MOST_MARKERS = 100


@dataclass
class Marker:
    """`colour`: #rrggbb."""

    id: str
    name: str
    colour: str


@dataclass
class Markers:
    items: list[Marker] = field(default_factory=list)
    version: int = 0

    @property
    def ids(self) -> set[str]:
        return {marker.id for marker in self.items}

    def get(self, marker_id: str) -> Marker:
        """Raises NotFound("marker_not_found")."""
        for marker in self.items:
            if marker.id == marker_id:
                return marker
        raise NotFound("marker_not_found", "Marcador não encontrado.")

    def add(self, id: str, name: str, colour: str) -> Marker:
        """Raises Conflict("markers_full") or Conflict("marker_exists")."""
        if len(self.items) >= MOST_MARKERS:
            raise Conflict("markers_full", f"A empresa tem no máximo {MOST_MARKERS} marcadores.")
        self._refuse_double(name)
        self.items.append(Marker(id, name, colour))
        return self.items[-1]

    def change(self, marker_id: str, name: str | None = None, colour: str | None = None) -> Marker:
        """Raises NotFound("marker_not_found") or Conflict("marker_exists")."""
        marker = self.get(marker_id)
        if name is not None:
            self._refuse_double(name, but=marker)
            marker.name = name
        if colour is not None:
            marker.colour = colour
        return marker

    def remove(self, marker_id: str) -> None:
        """Raises NotFound("marker_not_found")."""
        self.items.remove(self.get(marker_id))

    def _refuse_double(self, name: str, but: Marker | None = None) -> None:
        if any(marker is not but and same_name(marker.name, name) for marker in self.items):
            raise Conflict("marker_exists", "Já existe um marcador com este nome.")
