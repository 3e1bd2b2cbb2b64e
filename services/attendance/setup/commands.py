"""Applying a company's whole configuration from one document; it is idempotent (rows A1 to A4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from services.attendance.centers.model import Center
from services.attendance.cycles.model import Cycle
from services.attendance.session import AttendanceSession
from services.attendance.setup import contract
from services.attendance.setup.references import check_cycle, check_options, check_options_kept, check_type
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
    """Applies all of the document or nothing, and publishes its workflows. A dry run only reports the same changes.

    Raises Invalid("configuration_invalid") with all problems, each with its path in the document.
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
    """The configuration after the document, the `writes` that lead to it, the reported `changes`, and `problems`."""

    def __init__(self, tx: AttendanceSession) -> None:
        self._tx = tx
        self.centers = {center.id: center for center in tx.centers.all()}
        self.workflows = {workflow.id: workflow for workflow in tx.workflows.all()}
        self.cycles = {cycle.id: cycle for cycle in tx.cycles.all()}
        self.types = {one.id: one for one in tx.types.all()}
        self._tree_before, self._tree = Tree(self.types.values()), Tree(self.types.values())
        self.writes: list[Callable[[], Any]] = []
        self.changes: list[dict[str, str]] = []
        self.problems: list[Data] = []
        # An unpublished workflow is a draft, and no part of the configuration in force.
        published = {name for name, workflow in self.workflows.items() if workflow.published}
        self._before = {
            "centers": set(self.centers),
            "workflows": published,
            "cycles": set(self.cycles),
            "types": set(self.types),
        }

    def read(self, document: Data) -> None:
        """Plans every item of the document; collects problems instead of raising them."""
        readers = {"centers": self._center, "workflows": self._workflow, "cycles": self._cycle}
        for section, reader in readers.items():
            for position, item in enumerate(document[section]):
                with self._collect_problems([section, position], item):
                    self._refuse_repeated(section, item["id"])
                    reader(item)
        for position, item in _parents_first(document["types"]):
            with self._collect_problems(["types", position], item):
                self._refuse_repeated("types", item["id"])
                self._type(item)
        if document["options"] is not None:
            with self._collect_problems(["options"], {"id": "", **document["options"]}):
                self._options(document["options"])
        else:
            with self._collect_problems(["types"], {}):
                check_options_kept(self._tx.options.get(), self._tree_before, self._tree)

    def unlisted(self) -> Iterator[dict[str, str]]:
        """The records that exist and are not in the document, as changes with the outcome "unlisted"."""
        named = {(change["section"], change["id"]) for change in self.changes}
        for section, keys in self._before.items():
            for key in sorted(keys):
                if (section, key) not in named:
                    yield {"section": section, "id": key, "outcome": "unlisted"}

    @contextmanager
    def _collect_problems(self, path: list[Any], item: Data) -> Iterator[None]:
        """Turns a refusal inside the block into problems with their paths, so that the next item is checked, too."""
        try:
            yield
        except Failure as failure:
            self.problems += _problems_of(failure, path, item)

    def _refuse_repeated(self, section: str, key: str) -> None:
        if any((change["section"], change["id"]) == (section, key) for change in self.changes):
            raise Invalid("configuration_repeated", f"“{key}” aparece mais de uma vez.")

    def _note(self, section: str, key: str, before: Any, same: bool, store: Any, record: Any) -> None:
        """Reports a record's outcome, and plans its write unless it stays the `same`; `before` None: it is new."""
        outcome = "created" if before is None else "unchanged" if same else "changed"
        self.changes.append({"section": section, "id": key, "outcome": outcome})
        if outcome != "unchanged":
            self.writes.append(lambda: (store.add if before is None else store.save)(record))

    def _center(self, data: Data) -> None:
        before = self.centers.get(data["id"])
        center = Center(**data) if before is None else Center(**asdict(before))
        if before is not None:
            center.change(data, in_a_workflow=self._tx.versions.any_with_center(center.id))
        self.centers[center.id] = center
        self._note("centers", center.id, before, center == before, self._tx.centers, center)

    def _workflow(self, data: Data) -> None:
        """Compares with the published version: a draft that differs is no reason to publish."""
        before = self.workflows.get(data["id"])
        graph = Graph.of(data["items"], data["only_graph_centers"])
        require_sound(graph, self.centers)
        workflow = Workflow(data["id"], data["name"], graph)
        if before is not None:
            workflow.published, workflow.version = before.published, before.version
        same = before is not None and before.name == workflow.name and self._is_published(workflow)
        if not same:
            self.writes.append(lambda: workflow_commands.publish(self._tx, workflow, self.centers))
        self._note("workflows", workflow.id, before, same, self._tx.workflows, workflow)
        # Its write publishes it, so types of the document may name it.
        published = workflow.published or 1
        self.workflows[workflow.id] = Workflow(workflow.id, workflow.name, graph, published, workflow.version)

    def _is_published(self, workflow: Workflow) -> bool:
        if not workflow.published:
            return False
        return self._tx.versions.get(workflow.id, workflow.published).graph == workflow.draft

    def _cycle(self, data: Data) -> None:
        before = self.cycles.get(data["id"])
        cycle = Cycle(data["id"], data["name"], Cycle.parts(data["centers"]), before.version if before else 1)
        check_cycle(cycle, self.centers)
        self.cycles[cycle.id] = cycle
        self._note("cycles", cycle.id, before, cycle == before, self._tx.cycles, cycle)

    def _type(self, data: Data) -> None:
        before = self.types.get(data["id"])
        planned = Type.of({**data, "version": before.version if before else 1})
        check_type(planned, self.workflows, self.cycles)
        self._tree.place(planned)
        self.types[planned.id] = planned
        self._note("types", planned.id, before, planned == before, self._tx.types, planned)

    def _options(self, data: Data) -> None:
        before = self._tx.options.get()
        options = Options(**data, version=before.version)
        check_options(options, self._tree)
        outcome = "unchanged" if options == before else "changed"
        self.changes.append({"section": "options", "id": "", "outcome": outcome})
        if options != before:
            self.writes.append(lambda: self._tx.options.save(options))


def _problems_of(failure: Failure, path: list[Any], item: Data) -> list[Data]:
    """The problems of a refusal, each with the path of the item or field in the document that it concerns."""
    problems = []
    for problem in failure.params.get("problems", []):
        names = [one["id"] for one in item.get("items", [])]
        inner = ["items", names.index(problem["item"])] if problem["item"] in names else ["items"]
        problems.append({"path": [*path, *inner], "code": problem["code"], "detail": problem["detail"]})
    field = next((name for name in failure.params.get("fields", {}) if name in item), None)
    return problems or [{"path": [*path, field] if field else path, "code": failure.code, "detail": failure.detail}]


def _parents_first(types: list[Data]) -> list[tuple[int, Data]]:
    """Types with their positions in the document, groups before their children; types in a circle come last."""
    waiting = list(enumerate(types))
    listed = {data["id"] for data in types}
    done: set[str] = set()
    ordered: list[tuple[int, Data]] = []
    while waiting:
        ready = [item for item in waiting if item[1]["parent_id"] not in listed - done]
        ordered += ready or waiting
        done |= {data["id"] for _, data in ready}
        waiting = [item for item in waiting if item not in ready] if ready else []
    return ordered
