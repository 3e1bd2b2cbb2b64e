"""The workflow engine (row A2): a graph of decisions and centers, and the steps it offers. Pure: no store, no clock.

A published graph never changes; a running attendance keeps the version it started with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from services.attendance.centers.model import Center
from services.chassis.errors import Conflict, NotFound

DECISION, CENTER = "decision", "center"


@dataclass(frozen=True)
class Answer:
    """One answer of a decision, and the item that it leads to."""

    id: str
    text: str
    to: str


@dataclass(frozen=True)
class Item:
    """A decision (question, answers) or a center; a center without `next` leads to the item that follows it."""

    id: str
    kind: str
    question: str = ""
    answers: tuple[Answer, ...] = ()
    center_id: str | None = None
    next: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """The position of an attendance: its item of the graph (None: a center outside it), and its center."""

    item_id: str | None
    center_id: str | None


@dataclass(frozen=True)
class Offer:
    """The possible next step: a decision, or the centers to choose from; neither at the end."""

    decision: Item | None = None
    centers: tuple[Center, ...] = ()


@dataclass(frozen=True)
class Graph:
    """Ordered items, of which the first is the start.

    `only_graph_centers`: only centers that the graph offers may be chosen.
    """

    items: tuple[Item, ...]
    only_graph_centers: bool = True

    @classmethod
    def of(cls, items: Iterable[Mapping[str, Any]], only_graph_centers: bool) -> Graph:
        return cls(tuple(_item(data) for data in items), only_graph_centers)

    def as_items(self) -> list[dict[str, Any]]:
        """The items as plain data; `of` reads them back."""
        return [_plain(item) for item in self.items]

    def item(self, item_id: str | None) -> Item | None:
        return next((item for item in self.items if item.id == item_id), None)

    def targets(self, item: Item) -> tuple[str, ...]:
        """The ids of the items that an item leads to, in order."""
        if item.kind == DECISION:
            return tuple(answer.to for answer in item.answers)
        if item.next:
            return item.next
        position = self.items.index(item) + 1
        return tuple(following.id for following in self.items[position : position + 1])

    def _following(self, item: Item | None) -> list[Item]:
        return [target for name in (self.targets(item) if item else ()) if (target := self.item(name))]

    def center_ids(self) -> tuple[str, ...]:
        """Each center of the graph once, in order."""
        return tuple(dict.fromkeys(item.center_id for item in self.items if item.center_id))

    def start(self) -> Place:
        """The place of a new attendance; without a center if the first item is a decision."""
        first = self.items[0]
        return Place(first.id, first.center_id)

    def offer(self, place: Place, centers: Mapping[str, Center]) -> Offer:
        """The next step from `place`; `centers`: all centers of the company by id."""
        current = centers.get(place.center_id or "")
        if current is not None and current.ends_the_process:
            return Offer()
        at = self.item(place.item_id)
        if at is not None and at.kind == DECISION:
            return Offer(decision=at)
        following = self._following(at)
        if following and following[0].kind == DECISION:
            return Offer(decision=following[0])
        named = [item.center_id for item in following if item.center_id]
        others = [] if self.only_graph_centers else [name for name in sorted(centers) if name != place.center_id]
        return Offer(centers=tuple(centers[name] for name in dict.fromkeys([*named, *others]) if name in centers))

    def answer(self, place: Place, answer_id: str, centers: Mapping[str, Center]) -> tuple[Place, Answer]:
        """The place that an answer to the offered decision leads to, and the answer.

        Raises Conflict("decision_not_offered") or NotFound("answer_not_found").
        """
        decision = self.offer(place, centers).decision
        if decision is None:
            raise Conflict("decision_not_offered", "Não há decisão a tomar neste ponto; escolha um centro.")
        chosen = next((answer for answer in decision.answers if answer.id == answer_id), None)
        if chosen is None:
            raise NotFound("answer_not_found", f"A decisão “{decision.question}” não tem esta resposta.")
        reached = self.item(chosen.to)
        center_id = reached.center_id if reached and reached.center_id else place.center_id
        return Place(chosen.to, center_id), chosen

    def choose(self, place: Place, center_id: str, centers: Mapping[str, Center]) -> Place:
        """The place of an offered center; raises Conflict("decision_pending" or "center_not_offered")."""
        offer = self.offer(place, centers)
        if offer.decision is not None:
            raise Conflict("decision_pending", f"Antes de escolher um centro, responda: {offer.decision.question}")
        if center_id not in {center.id for center in offer.centers}:
            raise Conflict(
                "center_not_offered",
                "O workflow não leva a este centro a partir daqui.",
                offered=[center.id for center in offer.centers],
            )
        at = self.item(place.item_id)
        reached = next((item for item in [*self._following(at), *self.items] if item.center_id == center_id), None)
        return Place(reached.id if reached else None, center_id)


@dataclass
class Workflow:
    """A draft graph, and the number of the last published version (0: none)."""

    id: str
    name: str
    draft: Graph
    published: int = 0
    version: int = 1


@dataclass(frozen=True)
class Version:
    """A published graph: never changed."""

    workflow_id: str
    number: int
    graph: Graph


def _item(data: Mapping[str, Any]) -> Item:
    answers = tuple(Answer(answer["id"], answer["text"], answer["to"]) for answer in data.get("answers") or ())
    return Item(
        id=data["id"],
        kind=data["kind"],
        question=data.get("question") or "",
        answers=answers,
        center_id=data.get("center_id"),
        next=tuple(data.get("next") or ()),
    )


def _plain(item: Item) -> dict[str, Any]:
    fields = asdict(item)
    names = ("id", "kind", "question", "answers") if item.kind == DECISION else ("id", "kind", "center_id", "next")
    plain = {name: fields[name] for name in names}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}
