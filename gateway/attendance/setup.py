"""Configuration of attendance: centers, workflows, cycles, types, options, and all as one YAML (rows A1 to A4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, request
from marshmallow import Schema

from gateway.attendance import configuration_yaml
from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.problems import UnsupportedMedia
from gateway.http.requests import send_command, send_query, version_in_path
from services.attendance.centers import contract as centers_contract
from services.attendance.cycles import contract as cycles_contract
from services.attendance.setup import contract as setup_contract
from services.attendance.shared import contract as shared_contract
from services.attendance.types import contract as types_contract
from services.attendance.workflow import contract as workflow_contract
from services.chassis.inputs import Flag
from services.chassis.schemas import Strict

blp = JsonBlueprint("attendance_setup", __name__, url_prefix="/v1", description="Configuração dos atendimentos")


@dataclass(frozen=True)
class Kind:
    """A kind of record: its path, its singular and plural in the names of use cases and in words, and its schemas."""

    path: str
    one: str
    many: str
    word: str
    words: str
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
    Kind(
        "responsibility-centers",
        "center",
        "centers",
        "centro de responsabilidade",
        "centros de responsabilidade",
        centers_contract.CreateCenter,
        centers_contract.ChangeCenter,
        centers_contract.Center,
        centers_contract.CenterList,
    ),
    Kind(
        "workflows",
        "workflow",
        "workflows",
        "workflow",
        "workflows",
        workflow_contract.CreateWorkflow,
        workflow_contract.ChangeWorkflow,
        workflow_contract.Workflow,
        workflow_contract.WorkflowList,
    ),
    Kind(
        "service-cycles",
        "cycle",
        "cycles",
        "ciclo de atendimento",
        "ciclos de atendimento",
        cycles_contract.CreateCycle,
        cycles_contract.ChangeCycle,
        cycles_contract.Cycle,
        cycles_contract.CycleList,
    ),
    Kind(
        "attendance-types",
        "type",
        "types",
        "tipo de atendimento",
        "tipos de atendimento",
        types_contract.CreateType,
        types_contract.ChangeType,
        types_contract.Type,
        types_contract.TypeList,
    ),
)
# get_cycle answers the cycle of an attendance
GETS = {"cycle": "get_service_cycle"}


class DryRun(Strict):
    """`dry_run`: the answer says what would change, and nothing is changed."""

    dry_run = Flag(load_default=False)


def _add_reading(kind: Kind) -> None:
    @blp.get(f"/{kind.path}", endpoint=f"list_{kind.many}")
    @blp.summary(f"Lista os {kind.words}")
    @needs("attendance.read")
    @blp.response(200, kind.lists)
    @refuses(blp)
    def list_records() -> Any:
        return send_query("attendance", f"list_{kind.many}", {})

    @blp.get(kind.at, endpoint=GETS.get(kind.one, f"get_{kind.one}"))
    @blp.summary(f"Lê um {kind.word}")
    @needs("attendance.read")
    @blp.response(200, kind.gives)
    @refuses(blp, 404)
    def get(**named: str) -> Any:
        return send_query("attendance", GETS.get(kind.one, f"get_{kind.one}"), {"id": kind.id_in(named)})


def _add_writing(kind: Kind) -> None:
    @blp.post(f"/{kind.path}", endpoint=f"create_{kind.one}")
    @blp.summary(f"Cria um {kind.word}")
    @needs("attendance.configure")
    @blp.arguments(kind.creates)
    @blp.response(201, kind.gives, at=f"/v1/{kind.path}/{{id}}")
    @refuses(blp, 409)
    def create(data: dict[str, Any]) -> Any:
        return send_command("attendance", f"create_{kind.one}", kind.creates, data)

    @blp.put(kind.at, endpoint=f"change_{kind.one}")
    @blp.summary(f"Altera um {kind.word}")
    @needs("attendance.configure")
    @blp.arguments(kind.changes(exclude=("id", "version")))
    @blp.response(200, kind.gives)
    @refuses(blp, 404, 409, 412)
    def change(data: dict[str, Any], **named: str) -> Any:
        return send_command("attendance", f"change_{kind.one}", kind.changes, data, id=kind.id_in(named))

    @blp.delete(kind.at, endpoint=f"delete_{kind.one}")
    @blp.summary(f"Exclui um {kind.word}", "Recusado enquanto estiver em uso.")
    @needs("attendance.configure")
    @blp.response(200, shared_contract.Deleted)
    @refuses(blp, 404, 409, 412)
    def delete(**named: str) -> Any:
        return send_command("attendance", f"delete_{kind.one}", shared_contract.Keyed, {}, id=kind.id_in(named))


for kind in KINDS:
    _add_reading(kind)
    _add_writing(kind)


@blp.get("/workflows/<string:workflow_id>/check")
@blp.summary("Confere um workflow sem publicar")
@needs("attendance.read")
@blp.response(200, workflow_contract.WorkflowCheck)
@refuses(blp, 404)
def check_workflow(workflow_id: str) -> Any:
    """Row A2: a dry run of publishing."""
    return send_query("attendance", "get_workflow_check", {"id": workflow_id})


@blp.post("/workflows/<string:workflow_id>/publish")
@blp.summary("Publica um workflow", "O rascunho vira a próxima versão; os atendimentos em curso ficam com a sua.")
@needs("attendance.configure")
@blp.response(200, workflow_contract.Workflow)
@refuses(blp, 404, 409, 412)
def publish_workflow(workflow_id: str) -> Any:
    """Row A2: the draft becomes the next version; running attendances keep theirs."""
    return send_command("attendance", "publish_workflow", shared_contract.Keyed, {}, id=workflow_id)


@blp.get("/settings/attendance-options")
@blp.summary("Lê as opções dos atendimentos")
@needs("attendance.read")
@blp.response(200, types_contract.Options)
@refuses(blp)
def get_attendance_options() -> Any:
    return send_query("attendance", "get_options", {})


@blp.put("/settings/attendance-options")
@blp.summary("Altera as opções dos atendimentos")
@needs("attendance.configure")
@blp.arguments(types_contract.ChangeOptions(exclude=("version",)))
@blp.response(200, types_contract.Options)
@refuses(blp, 404, 409, 412)
def change_attendance_options(data: dict[str, Any]) -> Any:
    return send_command("attendance", "change_options", types_contract.ChangeOptions, data, **version_in_path())


@blp.get("/settings/attendance-configuration")
@blp.summary("Baixa a configuração em YAML", "Um documento pronto para ser aplicado de novo.")
@needs("attendance.read")
@blp.file("O documento da empresa", configuration_yaml.MEDIA_TYPE)
@refuses(blp)
def export_configuration() -> Response:
    """The company's configuration as one YAML document, ready to be applied again."""
    document = send_query("attendance", "get_configuration", {})["document"]
    return Response(configuration_yaml.write(document), content_type=f"{configuration_yaml.MEDIA_TYPE}; charset=utf-8")


@blp.put("/settings/attendance-configuration")
@blp.summary(
    "Aplica uma configuração em YAML",
    "Tudo ou nada; o que o documento não nomeia permanece. Problemas são apontados com caminho e linha.",
)
@needs("attendance.configure")
@blp.arguments(DryRun, location="query")
@blp.doc(
    requestBody={
        "required": True,
        "content": {kind: {"schema": setup_contract.Configuration} for kind in configuration_yaml.ACCEPTED},
    }
)
@blp.response(200, setup_contract.ConfigurationReport)
@refuses(blp)
def apply_configuration(query: dict[str, Any]) -> Any:
    """Applies a YAML document (application/yaml or text/yaml) as a whole or not at all; what it does not name stays.

    A refusal names the path and line of each problem.
    """
    if request.mimetype not in configuration_yaml.ACCEPTED:
        raise UnsupportedMedia(f"Envie {configuration_yaml.MEDIA_TYPE}.")
    source = configuration_yaml.read(request.get_data())
    with source.locating():
        document = {"document": source.load(setup_contract.Configuration), **query}
        return send_command("attendance", "apply_configuration", setup_contract.ApplyConfiguration, document)
