"""Setting attendance up: centers, workflows, cycles, types, options, and all of it as one YAML (rows A1 to A4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, request
from marshmallow import Schema

from gateway import configuration_yaml
from gateway.access import needs
from gateway.asking import ask, order
from gateway.blueprints.documents import JsonBlueprint, refuses
from gateway.problems import UnsupportedMedia
from services.attendance import contract
from services.chassis.inputs import Flag
from services.chassis.schemas import Strict

blp = JsonBlueprint("attendance_setup", __name__, url_prefix="/v1", description="Configuração dos atendimentos")


@dataclass(frozen=True)
class Kind:
    """A kind of record: its path, the names of one and of all in the service's use cases, and its schemas."""

    path: str
    one: str
    many: str
    creates: type[Schema]
    changes: type[Schema]
    gives: type[Schema]
    lists: type[Schema]

    @property
    def at(self) -> str:
        return f"/{self.path}/<string:{self.one}_id>"

    def id_in(self, named: dict[str, str]) -> str:
        return named[f"{self.one}_id"]


KINDS = (
    Kind("responsibility-centers", "center", "centers",
         contract.CreateCenter, contract.ChangeCenter, contract.Center, contract.CenterList),
    Kind("workflows", "workflow", "workflows",
         contract.CreateWorkflow, contract.ChangeWorkflow, contract.Workflow, contract.WorkflowList),
    Kind("service-cycles", "cycle", "cycles",
         contract.CreateCycle, contract.ChangeCycle, contract.Cycle, contract.CycleList),
    Kind("attendance-types", "type", "types",
         contract.CreateType, contract.ChangeType, contract.Type, contract.TypeList),
)  # fmt: skip
# get_cycle is the cycle of an attendance
GETS = {"cycle": "get_service_cycle"}


class DryRun(Strict):
    """`dry_run`: says what would change, and changes nothing."""

    dry_run = Flag(load_default=False)


def _add_reading(kind: Kind) -> None:
    @blp.get(f"/{kind.path}", endpoint=f"list_{kind.many}")
    @needs("attendance.read")
    @blp.response(200, kind.lists)
    @refuses(blp)
    def list_records() -> Any:
        return ask("attendance", f"list_{kind.many}", {})

    @blp.get(kind.at, endpoint=f"get_{kind.one}")
    @needs("attendance.read")
    @blp.response(200, kind.gives)
    @refuses(blp, 404)
    def get(**named: str) -> Any:
        return ask("attendance", GETS.get(kind.one, f"get_{kind.one}"), {"id": kind.id_in(named)})


def _add_writing(kind: Kind) -> None:
    @blp.post(f"/{kind.path}", endpoint=f"create_{kind.one}")
    @needs("attendance.configure")
    @blp.arguments(kind.creates)
    @blp.response(201, kind.gives)
    @refuses(blp, 409)
    def create(data: dict[str, Any]) -> Any:
        return order("attendance", f"create_{kind.one}", kind.creates, data)

    @blp.put(kind.at, endpoint=f"change_{kind.one}")
    @needs("attendance.configure")
    @blp.arguments(kind.changes(exclude=("id",)))
    @blp.response(200, kind.gives)
    @refuses(blp, 404, 409)
    def change(data: dict[str, Any], **named: str) -> Any:
        return order("attendance", f"change_{kind.one}", kind.changes, data, id=kind.id_in(named))

    @blp.delete(kind.at, endpoint=f"delete_{kind.one}")
    @needs("attendance.configure")
    @blp.response(200, contract.Deleted)
    @refuses(blp, 404, 409)
    def delete(**named: str) -> Any:
        return order("attendance", f"delete_{kind.one}", contract.Keyed, {}, id=kind.id_in(named))


for kind in KINDS:
    _add_reading(kind)
    _add_writing(kind)


@blp.get("/workflows/<string:workflow_id>/check")
@needs("attendance.read")
@blp.response(200, contract.WorkflowCheck)
@refuses(blp, 404)
def check_workflow(workflow_id: str) -> Any:
    """Row A2: a dry run of publishing."""
    return ask("attendance", "get_workflow_check", {"id": workflow_id})


@blp.post("/workflows/<string:workflow_id>/publish")
@needs("attendance.configure")
@blp.response(200, contract.Workflow)
@refuses(blp, 404, 409)
def publish_workflow(workflow_id: str) -> Any:
    """Row A2: the draft becomes the next version; running attendances keep theirs."""
    return order("attendance", "publish_workflow", contract.Keyed, {}, id=workflow_id)


@blp.get("/attendance-options")
@needs("attendance.read")
@blp.response(200, contract.Options)
@refuses(blp)
def get_options() -> Any:
    return ask("attendance", "get_options", {})


@blp.put("/attendance-options")
@needs("attendance.configure")
@blp.arguments(contract.ChangeOptions)
@blp.response(200, contract.Options)
@refuses(blp, 404, 409)
def change_options(data: dict[str, Any]) -> Any:
    return order("attendance", "change_options", contract.ChangeOptions, data)


@blp.get("/attendance-configuration")
@needs("attendance.read")
@blp.file("O documento da empresa", configuration_yaml.MEDIA_TYPE)
@refuses(blp)
def export_configuration() -> Response:
    """The company's configuration as one YAML document, ready to be applied again."""
    document = ask("attendance", "get_configuration", {})["document"]
    return Response(configuration_yaml.write(document), content_type=f"{configuration_yaml.MEDIA_TYPE}; charset=utf-8")


@blp.put("/attendance-configuration")
@needs("attendance.configure")
@blp.arguments(DryRun, location="query")
@blp.doc(
    requestBody={
        "required": True,
        "content": {kind: {"schema": contract.Configuration} for kind in configuration_yaml.ACCEPTED},
    }
)
@blp.response(200, contract.ConfigurationReport)
@refuses(blp)
def apply_configuration(query: dict[str, Any]) -> Any:
    """A YAML document (application/yaml or text/yaml): all of it or nothing; what it does not name stays.

    Problems are told with their path and line.
    """
    if request.mimetype not in configuration_yaml.ACCEPTED:
        raise UnsupportedMedia(f"Envie {configuration_yaml.MEDIA_TYPE}.")
    source = configuration_yaml.read(request.get_data())
    with source.locating():
        document = {"document": source.load(contract.Configuration), **query}
        return order("attendance", "apply_configuration", contract.ApplyConfiguration, document)
