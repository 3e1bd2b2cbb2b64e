"""The checks before a workflow is published (row A2); each problem names its item and has a detail in Portuguese.

Pure: no store, no clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from services.attendance.centers.model import Center
from services.attendance.workflow.model.graph import DECISION, Graph, Item
from services.chassis.errors import Invalid


@dataclass(frozen=True)
class Problem:
    """A problem of an item (`item`: its id), or of the whole graph (`item` empty)."""

    code: str
    item: str
    detail: str


def check(graph: Graph, centers: Mapping[str, Center]) -> list[Problem]:
    """All problems that keep a graph from being published; paths are checked only if every item is sound."""
    if not graph.items:
        return [Problem("workflow_empty", "", "O workflow não tem itens.")]
    problems = [
        *_ids(graph),
        *_start(graph, centers),
        *(problem for item in graph.items for problem in _item(graph, item, centers)),
    ]
    return problems or [*_orphans(graph, _edges(graph, centers)), *_endless(graph, _edges(graph, centers))]


def require_sound(graph: Graph, centers: Mapping[str, Center]) -> None:
    """Raises Invalid("workflow_invalid") with all problems, by item."""
    problems = check(graph, centers)
    if not problems:
        return
    fields: dict[str, list[str]] = {}
    for problem in problems:
        fields.setdefault(problem.item or "items", []).append(problem.detail)
    plain = [vars(problem) for problem in problems]
    raise Invalid("workflow_invalid", problems[0].detail, fields=fields, problems=plain)


def lost_places(old: Graph, new: Graph) -> list[tuple[str | None, str | None]]:
    """The (item, center) places of `old` that `new` lacks."""
    kept = {(item.id, item.center_id) for item in new.items}
    return [(item.id, item.center_id) for item in old.items if (item.id, item.center_id) not in kept]


def _ids(graph: Graph) -> Iterator[Problem]:
    for name, count in Counter(item.id for item in graph.items).items():
        if count > 1:
            yield Problem("item_repeated", name, f"Há {count} itens chamados “{name}”.")


def _start(graph: Graph, centers: Mapping[str, Center]) -> Iterator[Problem]:
    first = centers.get(graph.items[0].center_id or "")
    if first is not None and first.ends_the_process:
        detail = f"O workflow começa pelo item “{graph.items[0].id}”, que já encerra o processo."
        yield Problem("start_ends", graph.items[0].id, detail)


def _item(graph: Graph, item: Item, centers: Mapping[str, Center]) -> Iterator[Problem]:
    yield from (_decision(item) if item.kind == DECISION else _center(graph, item, centers))
    known = {other.id for other in graph.items}
    for target in graph.targets(item):
        if target not in known:
            detail = f"O item “{item.id}” leva a “{target}”, que não existe."
            yield Problem("item_unknown", item.id, detail)


def _decision(item: Item) -> Iterator[Problem]:
    if not item.question:
        yield Problem("decision_without_question", item.id, f"A decisão “{item.id}” não tem pergunta.")
    if not item.answers:
        yield Problem("decision_without_answers", item.id, f"A decisão “{item.id}” não tem respostas.")
    for name, count in Counter(answer.id for answer in item.answers).items():
        if count > 1:
            yield Problem("answer_repeated", item.id, f"A decisão “{item.id}” tem {count} respostas “{name}”.")


def _center(graph: Graph, item: Item, centers: Mapping[str, Center]) -> Iterator[Problem]:
    center = centers.get(item.center_id or "")
    if center is None:
        detail = f"O item “{item.id}” usa o centro “{item.center_id or ''}”, que não existe."
        yield Problem("center_unknown", item.id, detail)
    elif center.ends_the_process:
        if item.next:
            yield Problem("end_leads_on", item.id, f"O item “{item.id}” encerra o processo e não pode levar a outro.")
    elif not graph.targets(item):
        yield Problem("item_leads_nowhere", item.id, f"O item “{item.id}” não encerra o processo e não leva a nenhum.")
    else:
        yield from _following(graph, item)


def _following(graph: Graph, item: Item) -> Iterator[Problem]:
    """A center must lead to one decision, or to centers only."""
    following = [target for name in graph.targets(item) if (target := graph.item(name))]
    decisions = [target for target in following if target.kind == DECISION]
    if decisions and len(following) > 1:
        detail = f"O item “{item.id}” deve levar a uma só decisão, ou somente a centros."
        yield Problem("next_mixed", item.id, detail)
    for name, count in Counter(target.center_id for target in following if target.center_id).items():
        if count > 1:
            yield Problem("next_repeated", item.id, f"O item “{item.id}” leva {count} vezes ao centro “{name}”.")


def _edges(graph: Graph, centers: Mapping[str, Center]) -> dict[str, tuple[str, ...]]:
    """The targets of each item by its id; none for a center that ends the process."""
    return {item.id: () if _ends(item, centers) else graph.targets(item) for item in graph.items}


def _ends(item: Item, centers: Mapping[str, Center]) -> bool:
    return item.center_id is not None and centers[item.center_id].ends_the_process


def _orphans(graph: Graph, edges: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    reached = _closure([graph.items[0].id], edges)
    for item in graph.items:
        if item.id not in reached:
            yield Problem("item_orphan", item.id, f"Nenhum caminho leva ao item “{item.id}”.")


def _endless(graph: Graph, edges: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    """Items from which no end can be reached, found by walking the graph backwards from the ends."""
    sources: dict[str, tuple[str, ...]] = {}
    for name, targets in edges.items():
        for target in targets:
            sources[target] = (*sources.get(target, ()), name)
    ending = _closure([name for name, targets in edges.items() if not targets], sources)
    for item in graph.items:
        if item.id not in ending:
            detail = f"Do item “{item.id}” não se chega a nenhum centro que encerre o processo."
            yield Problem("end_unreachable", item.id, detail)


def _closure(starts: Iterable[str], edges: Mapping[str, tuple[str, ...]]) -> set[str]:
    """The ids that can be reached from `starts`, including them."""
    reached = set(starts)
    waiting = list(reached)
    while waiting:
        for target in edges.get(waiting.pop(), ()):
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached
