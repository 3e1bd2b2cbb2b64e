"""A company's whole configuration as one document: checked, and applied again without harm (rows A1 to A4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from services.attendance.centers.model import Center
from services.attendance.cycles.model import Cycle
from services.attendance.session import AttendanceSession
from services.attendance.setup import contract
from services.attendance.setup.references import check_cycle, check_options, check_type
from services.attendance.types.model.options import Options
from services.attendance.types.model.types import Tree, Type
from services.attendance.workflow import commands as workflow_commands
from services.attendance.workflow.model.check import require_sound
from services.attendance.workflow.model.graph import Graph, Workflow
from services.chassis.access.sections import CONFIGURATION
from services.chassis.errors import Failure, Invalid
from services.chassis.handling.entrypoints import command

Data = dict[str, Any]


@command(
    takes=contract.ApplyConfiguration,
    gives=contract.ConfigurationReport,
    needs="attendance.configure",
    section=CONFIGURATION,
)
def apply_configuration(tx: AttendanceSession, data: Data) -> Data:
    """All of the document or nothing; workflows are published. A dry run plans the same and writes nothing.

    Raises Invalid("configuration_invalid") with every problem and the path of its place in the document.
    """
    tx.serialise_configuration()
    plan = Plan(tx)
    plan.read(data["document"])
    if plan.problems:
        detail = f"{len(plan.problems)} problema(s) na configuração: {plan.problems[0]['detail']}"
        raise Invalid("configuration_invalid", detail, problems=plan.problems)
    if not data["dry_run"]:
        for write in plan.writes:
            write()
    return {"applied": not data["dry_run"], "changes": [*plan.changes, *plan.unlisted()]}


class Plan:
    """The company's configuration as it would be; what to write to get there; what is wrong."""

    def __init__(self, tx: AttendanceSession) -> None:
        self._tx = tx
        self.centers = {center.id: center for center in tx.centers.all()}
        self.workflows = {workflow.id: workflow for workflow in tx.workflows.all()}
        self.cycles = {cycle.id: cycle for cycle in tx.cycles.all()}
        self.types = {one.id: one for one in tx.types.all()}
        self._tree = Tree(self.types.values())
        self.writes: list[Callable[[], Any]] = []
        self.changes: list[dict[str, str]] = []
        self.problems: list[Data] = []
        # A workflow that was never published is somebody's drawing, and no part of the configuration in force.
        published = {name for name, workflow in self.workflows.items() if workflow.published}
        kept = {
            "centers": set(self.centers),
            "workflows": published,
            "cycles": set(self.cycles),
            "types": set(self.types),
        }
        self._before = kept

    def read(self, document: Data) -> None:
        readers = {"centers": self._center, "workflows": self._workflow, "cycles": self._cycle}
        for section, reader in readers.items():
            for position, item in enumerate(document[section]):
                with self._at([section, position], item):
                    self._refuse_repeated(section, item["id"])
                    reader(item)
        for position, item in _parents_first(document["types"]):
            with self._at(["types", position], item):
                self._refuse_repeated("types", item["id"])
                self._type(item)
        if document["options"] is not None:
            with self._at(["options"], {"id": "", **document["options"]}):
                self._options(document["options"])

    def unlisted(self) -> Iterator[dict[str, str]]:
        """There, and not in the document."""
        named = {(change["section"], change["id"]) for change in self.changes}
        for section, keys in self._before.items():
            for key in sorted(keys):
                if (section, key) not in named:
                    yield {"section": section, "id": key, "outcome": "unlisted"}

    @contextmanager
    def _at(self, path: list[Any], item: Data) -> Iterator[None]:
        """A refusal inside becomes problems with their paths; the next item is looked at all the same."""
        try:
            yield
        except Failure as failure:
            self.problems += _located(failure, path, item)

    def _refuse_repeated(self, section: str, key: str) -> None:
        if any((change["section"], change["id"]) == (section, key) for change in self.changes):
            raise Invalid("configuration_repeated", f"“{key}” aparece mais de uma vez.")

    def _note(self, section: str, key: str, before: Any, same: bool, store: Any, record: Any) -> None:
        outcome = "created" if before is None else "unchanged" if same else "changed"
        self.changes.append({"section": section, "id": key, "outcome": outcome})
        if outcome != "unchanged":
            self.writes.append(lambda: (store.add if before is None else store.save)(record))

    def _center(self, data: Data) -> None:
        before = self.centers.get(data["id"])
        center = Center(**data) if before is None else Center(**asdict(before))
        if before is not None:
            center.change(data, in_a_workflow=self._tx.versions.name_center(center.id))
        self.centers[center.id] = center
        self._note("centers", center.id, before, center == before, self._tx.centers, center)

    def _workflow(self, data: Data) -> None:
        """Compared with what is published: a draft that somebody is drawing is no reason to publish anything."""
        before = self.workflows.get(data["id"])
        graph = Graph.of(data["items"], data["only_graph_centers"])
        require_sound(graph, self.centers)
        made = Workflow(data["id"], data["name"], graph)
        if before is not None:
            made.published, made.version = before.published, before.version
        stays = before is not None and before.name == made.name and self._is_published(made)
        if not stays:
            self.writes.append(lambda: workflow_commands.publish(self._tx, made, self.centers))
        self._note("workflows", made.id, before, stays, self._tx.workflows, made)
        # Where it is written it is published too: types may name it from here on.
        self.workflows[made.id] = Workflow(made.id, made.name, graph, made.published or 1, made.version)

    def _is_published(self, workflow: Workflow) -> bool:
        if not workflow.published:
            return False
        return self._tx.versions.get(workflow.id, workflow.published).graph == workflow.draft

    def _cycle(self, data: Data) -> None:
        before = self.cycles.get(data["id"])
        made = Cycle(data["id"], data["name"], Cycle.parts(data["centers"]), before.version if before else 1)
        check_cycle(made, self.centers)
        self.cycles[made.id] = made
        self._note("cycles", made.id, before, made == before, self._tx.cycles, made)

    def _type(self, data: Data) -> None:
        before = self.types.get(data["id"])
        made = Type.of({**data, "version": before.version if before else 1})
        check_type(made, self.workflows, self.cycles)
        self._tree.place(made)
        self.types[made.id] = made
        self._note("types", made.id, before, made == before, self._tx.types, made)

    def _options(self, data: Data) -> None:
        before = self._tx.options.get()
        made = Options(**data, version=before.version)
        check_options(made, self._tree)
        self.changes.append({"section": "options", "id": "", "outcome": "unchanged" if made == before else "changed"})
        if made != before:
            self.writes.append(lambda: self._tx.options.save(made))


def _located(failure: Failure, path: list[Any], item: Data) -> list[Data]:
    """The problems of a refusal, each with the path of the nearest thing in the document."""
    found = []
    for problem in failure.params.get("problems", []):
        names = [one["id"] for one in item.get("items", [])]
        inner = ["items", names.index(problem["item"])] if problem["item"] in names else ["items"]
        found.append({"path": [*path, *inner], "code": problem["code"], "detail": problem["detail"]})
    field = next((name for name in failure.params.get("fields", {}) if name in item), None)
    return found or [{"path": [*path, field] if field else path, "code": failure.code, "detail": failure.detail}]


def _parents_first(types: list[Data]) -> list[tuple[int, Data]]:
    """A document may name a child before its group; what stays in a circle comes last, and is refused there."""
    waiting = list(enumerate(types))
    listed = {data["id"] for data in types}
    done: set[str] = set()
    ordered: list[tuple[int, Data]] = []
    while waiting:
        ready = [one for one in waiting if one[1]["parent_id"] not in listed - done]
        ordered += ready or waiting
        done |= {data["id"] for _, data in ready}
        waiting = [one for one in waiting if one not in ready] if ready else []
    return ordered
