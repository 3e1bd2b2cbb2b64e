"""Row A2: properties of the workflow engine, on random graphs."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.attendance.attendances.model.attendance import Attendance
from services.attendance.centers.model import Center
from services.attendance.shared.loading import graph_of
from services.attendance.workflow.commands import publish
from services.attendance.workflow.model.check import check, lost_places, require_sound
from services.attendance.workflow.model.graph import CENTER, DECISION, Answer, Graph, Item, Place, Version, Workflow
from services.chassis.errors import Conflict, Failure, Invalid, NotFound

NOW = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)

NAMES = [f"c{number}" for number in range(12)]
CENTERS = {name: Center(name, name.upper()) for name in NAMES} | {"fim": Center("fim", "Fim", ends_the_process=True)}


def decision(name: str, *targets: str) -> Item:
    answers = tuple(Answer(f"r{number}", f"Resposta {number}", to) for number, to in enumerate(targets))
    return Item(name, DECISION, question=f"{name}?", answers=answers)


def center(name: str, center_id: str, *targets: str) -> Item:
    return Item(name, CENTER, center_id=center_id, next=targets)


@st.composite
def valid_graphs(draw: Any) -> Graph:
    """Item n leads to item n+1, and wherever else the rules allow; the last one ends the process."""
    size = draw(st.integers(2, 9))
    kinds = [draw(st.sampled_from((DECISION, CENTER))) for _ in range(size - 1)]
    names = [f"i{number}" for number in range(size)]
    centers = [name for name, kind in zip(names, [*kinds, CENTER], strict=True) if kind == CENTER]
    items = []
    for number, kind in enumerate(kinds):
        follower = names[number + 1]
        if kind == DECISION:
            others = draw(st.lists(st.sampled_from(names), max_size=3))
            items.append(decision(names[number], *draw(st.permutations([follower, *others]))))
        else:
            extra = draw(st.sets(st.sampled_from(centers), max_size=3)) if follower in centers else set()
            targets = () if draw(st.booleans()) and not extra else tuple({follower: 1} | dict.fromkeys(sorted(extra)))
            items.append(center(names[number], NAMES[number], *targets))
    return Graph((*items, center(names[-1], "fim")), only_graph_centers=draw(st.booleans()))


@st.composite
def any_graphs(draw: Any) -> Graph:
    """Small, and mostly wrong."""
    names = [f"i{number}" for number in range(draw(st.integers(1, 5)))]
    targets = st.lists(st.sampled_from([*names, "nada"]), max_size=3)
    items = []
    for name in names:
        if draw(st.booleans()):
            items.append(decision(name, *draw(targets)))
        else:
            items.append(center(name, draw(st.sampled_from([*NAMES[:3], "fim", "sumido"])), *draw(targets)))
    return Graph(tuple(items))


def steps(graph: Graph, place: Place) -> list[Place]:
    """Every place that can be gone to next."""
    offer = graph.offer(place, CENTERS)
    if offer.decision:
        return [graph.answer(place, answer.id, CENTERS)[0] for answer in offer.decision.answers]
    return [graph.choose(place, one.id, CENTERS) for one in offer.centers]


def reachable(graph: Graph) -> dict[Place, list[Place]]:
    found: dict[Place, list[Place]] = {}
    waiting = [graph.start()]
    while waiting:
        place = waiting.pop()
        if place not in found:
            found[place] = steps(graph, place)
            waiting += found[place]
    return found


def is_end(place: Place) -> bool:
    return place.center_id is not None and CENTERS[place.center_id].ends_the_process


@given(valid_graphs())
def test_every_reachable_place_can_be_left_or_is_an_end(graph: Graph) -> None:
    assert check(graph, CENTERS) == []
    places = reachable(graph)
    for place, following in places.items():
        assert bool(following) is not is_end(place)
    assert any(map(is_end, places))


@given(valid_graphs())
def test_from_every_reachable_place_an_end_can_be_reached(graph: Graph) -> None:
    places = reachable(graph)
    saved = {place for place in places if is_end(place)}
    grew = True
    while grew:
        more = {place for place, following in places.items() if saved.intersection(following)}
        grew = not more <= saved
        saved |= more
    assert saved == set(places)


@given(any_graphs())
def test_whatever_passes_the_check_is_sound_and_whatever_does_not_is_told_why(graph: Graph) -> None:
    problems = check(graph, CENTERS)
    if not problems:
        for place, following in reachable(graph).items():
            assert bool(following) is not is_end(place)
        assert {place.item_id for place in reachable(graph)} >= {i.id for i in graph.items if i.kind == CENTER}
        return
    names = {item.id for item in graph.items}
    for problem in problems:
        assert problem.item in names
        assert problem.item in problem.detail
    with pytest.raises(Invalid, match="workflow_invalid") as refused:
        require_sound(graph, CENTERS)
    assert refused.value.params["fields"]


def changed(graph: Graph, position: int, item: Item) -> Graph:
    return Graph((*graph.items[:position], item, *graph.items[position + 1 :]), graph.only_graph_centers)


@given(valid_graphs(), st.data())
def test_a_valid_graph_that_is_broken_is_refused_for_that_reason(graph: Graph, data: Any) -> None:
    position = data.draw(st.integers(0, len(graph.items) - 2))
    name = graph.items[position].id
    broken = {
        "item_unknown": changed(graph, position, decision(name, "nada")),
        "decision_without_answers": changed(graph, position, decision(name)),
        "decision_without_question": changed(graph, position, Item(name, DECISION, answers=(Answer("a", "A", name),))),
        "center_unknown": changed(graph, position, center(name, "sumido", name)),
        "item_orphan": Graph((*graph.items, center("ilha", "fim"))),
        "item_repeated": Graph((*graph.items, graph.items[0])),
        "end_unreachable": changed(graph, len(graph.items) - 1, center(graph.items[-1].id, "c11", graph.items[0].id))
        if graph.items[0].kind == CENTER
        else changed(graph, len(graph.items) - 1, decision(graph.items[-1].id, graph.items[0].id)),
    }
    code = data.draw(st.sampled_from(sorted(broken)))
    # a last center that became a decision may follow a center beside others: refused for that, first
    assert {problem.code for problem in check(broken[code], CENTERS)} & {code, "next_mixed"}


END = center("fim", "fim")
ASK = Item("a", DECISION, question="Sim?", answers=(Answer("r", "Sim", "fim"), Answer("r", "Não", "fim")))


@pytest.mark.parametrize(
    ("items", "found"),
    [
        ([], {("workflow_empty", "")}),
        ([center("a", "c1", "fim"), END, END], {("item_repeated", "fim")}),
        ([END, center("a", "c1", "fim")], {("start_ends", "fim")}),
        ([center("a", "c1", "fim", "x"), END], {("item_unknown", "a")}),
        ([decision("a"), END], {("decision_without_answers", "a")}),
        ([Item("a", DECISION, answers=(Answer("r", "Sim", "fim"),)), END], {("decision_without_question", "a")}),
        ([ASK, END], {("answer_repeated", "a")}),
        ([center("a", "sumido", "fim"), END], {("center_unknown", "a")}),
        ([center("a", "c1", "fim"), center("fim", "fim", "a")], {("end_leads_on", "fim")}),
        ([center("a", "c1", "b"), center("b", "c2")], {("item_leads_nowhere", "b")}),
        ([center("a", "c1", "d", "fim"), decision("d", "fim"), END], {("next_mixed", "a")}),
        ([center("a", "c1", "b", "c"), center("b", "c2", "fim"), center("c", "c2", "fim"), END],
         {("next_repeated", "a")}),
        ([center("a", "c1", "fim"), END, center("b", "c2", "fim")], {("item_orphan", "b")}),
        ([center("a", "c1", "b", "fim"), center("b", "c2", "b"), END], {("end_unreachable", "b")}),
        ([center("a", "c1", "fim"), END], set()),
    ],
)  # fmt: skip
def test_each_fault_of_a_drawing_is_told_of_its_item(items: list[Item], found: set[tuple[str, str]]) -> None:
    assert {(problem.code, problem.item) for problem in check(Graph(tuple(items)), CENTERS)} == found


class Versions:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, int], Version] = {}

    def add(self, version: Version) -> None:
        assert (version.workflow_id, version.number) not in self.kept
        self.kept[(version.workflow_id, version.number)] = version

    def get(self, workflow_id: str, number: int) -> Version:
        return self.kept[(workflow_id, number)]


@given(st.lists(valid_graphs(), min_size=2, max_size=5), st.data())
def test_a_running_attendance_is_never_moved_by_publishing(graphs: list[Graph], data: Any) -> None:
    tx: Any = SimpleNamespace(versions=Versions())
    workflow = Workflow("w", "W", graphs[0])
    publish(tx, workflow, CENTERS)
    attendance = Attendance.open(id="a", person_id="p", title="x", reference=1, at=NOW)
    attendance.start("w", 1, data.draw(st.sampled_from(sorted(reachable(graphs[0]), key=str))))
    before = (attendance.place, graph_of(tx, attendance), steps(graphs[0], attendance.place))
    for graph in graphs[1:]:
        workflow.draft = graph
        publish(tx, workflow, CENTERS)
        kept = graph_of(tx, attendance)
        assert kept is not None
        assert (attendance.place, kept, steps(kept, attendance.place)) == before
    assert workflow.published == len(tx.versions.kept) <= len(graphs)


@given(valid_graphs(), valid_graphs())
def test_a_dry_run_names_the_places_that_the_new_graph_has_not(old: Graph, new: Graph) -> None:
    lost = lost_places(old, new)
    assert lost_places(old, old) == []
    kept = {(item.id, item.center_id) for item in new.items}
    assert {(item.id, item.center_id) for item in old.items} == set(lost) | (
        kept & {(item.id, item.center_id) for item in old.items}
    )


@given(valid_graphs())
def test_a_graph_is_read_back_from_its_plain_data(graph: Graph) -> None:
    assert Graph.of(graph.as_items(), graph.only_graph_centers) == graph


@given(valid_graphs(), st.text(max_size=3))
def test_what_is_not_offered_is_refused(graph: Graph, other: str) -> None:
    for place in reachable(graph):
        offer = graph.offer(place, CENTERS)
        if offer.decision:
            with pytest.raises(Conflict, match="decision_pending"):
                graph.choose(place, "fim", CENTERS)
            if other not in {answer.id for answer in offer.decision.answers}:
                with pytest.raises(NotFound, match="answer_not_found"):
                    graph.answer(place, other, CENTERS)
        else:
            with pytest.raises(Failure, match="decision_not_offered"):
                graph.answer(place, "r0", CENTERS)
            with pytest.raises(Conflict, match="center_not_offered"):
                graph.choose(place, "sumido", CENTERS)
