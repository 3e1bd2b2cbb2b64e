"""Merging records of one person, and the rights of persons over their data (row P7)."""

from __future__ import annotations

from typing import Any

from flask import Response, stream_with_context

from gateway.http import auth
from gateway.http.access import needs
from gateway.http.access_log import record_access
from gateway.http.blueprint import JsonBlueprint, PageQuery, refuses
from gateway.http.requests import bus, send_command, send_query
from gateway.views import person_report
from services.chassis.inputs import Id, Line
from services.chassis.schemas import Strict
from services.people.access_log import contract as access_log_contract
from services.people.consents import contract as consents_contract
from services.people.erasure import contract as erasure_contract
from services.people.merging import contract as merging_contract
from services.people.persons import contract as persons_contract

blp = JsonBlueprint("person_rights", __name__, url_prefix="/v1", description="União de cadastros e direitos do titular")


class MergePreviewQuery(Strict):
    """`take`: the fields in conflict for which the other person's value is taken, separated by commas."""

    person_id = Id(required=True)
    take = Line(1000, load_default="")


@blp.get("/persons/<string:survivor_id>/merge-preview")
@blp.summary(
    "Simula a união de dois cadastros",
    "Como ficará o cadastro que permanece: o que recebe e em que os dois diferem.",
)
@needs("people.configure")
@blp.arguments(MergePreviewQuery, location="query")
@blp.response(200, merging_contract.MergePreview)
@refuses(blp, 404, 409)
def get_merge_preview(data: dict[str, Any], survivor_id: str) -> Any:
    """What the survivor gets by the merge, and the fields in which both differ."""
    take = [name.strip() for name in data["take"].split(",") if name.strip()]
    preview = {"survivor_id": survivor_id, "person_id": data["person_id"], "take": take}
    return send_query("people", "get_merge_preview", preview)


@blp.post("/persons/<string:survivor_id>/merge")
@blp.summary("Une dois cadastros", "A pessoa do corpo passa para a do endereço, nas versões que a simulação mostrou.")
@needs("people.configure")
@blp.arguments(merging_contract.MergePersons(exclude=("survivor_id",)))
@blp.response(200, persons_contract.Person)
@refuses(blp, 404, 409)
def merge_persons(data: dict[str, Any], survivor_id: str) -> Any:
    """Merges the person of the body into the survivor of the path, in the versions that the preview showed."""
    return send_command("people", "merge_persons", merging_contract.MergePersons, data, survivor_id=survivor_id)


@blp.post("/persons/<string:person_id>/unmerge")
@blp.summary("Desfaz uma união", "Pelo id do cadastro que foi unido a outro.")
@needs("people.configure")
@blp.response(200, merging_contract.Unmerged)
@refuses(blp, 404, 409)
def unmerge_person(person_id: str) -> Any:
    """By the id of the person who was merged into another."""
    return send_command("people", "unmerge_person", merging_contract.UnmergePerson, {}, person_id=person_id)


@blp.get("/persons/<string:person_id>/merged")
@blp.summary("Lista os cadastros unidos a esta pessoa")
@needs("people.read")
@blp.response(200, merging_contract.MergedPersons)
@refuses(blp, 404)
def list_merged_persons(person_id: str) -> Any:
    """The persons who were merged into this one."""
    return send_query("people", "list_merged_persons", {"id": person_id})


@blp.get("/persons/<string:person_id>/consents")
@blp.summary("Lista os consentimentos em vigor", "Por finalidade e canal.")
@needs("people.read")
@blp.response(200, consents_contract.ConsentList)
@refuses(blp, 404)
def list_consents(person_id: str) -> Any:
    """The consents in force, by purpose and channel."""
    return send_query("people", "list_consents", {"person_id": person_id})


@blp.post("/persons/<string:person_id>/consents")
@blp.summary("Registra um consentimento dado ou retirado")
@needs("people.write")
@blp.arguments(consents_contract.DecideConsent(exclude=("person_id",)))
@blp.response(201, consents_contract.ConsentList)
@refuses(blp, 404, 409)
def decide_consent(data: dict[str, Any], person_id: str) -> Any:
    """Records a consent that was given or withdrawn."""
    return send_command("people", "decide_consent", consents_contract.DecideConsent, data, person_id=person_id)


@blp.get("/persons/<string:person_id>/consent-history")
@blp.summary("Lista o histórico de consentimentos")
@needs("people.read")
@blp.arguments(PageQuery, location="query")
@blp.response(200, consents_contract.ConsentPage)
@refuses(blp, 404)
def list_consent_history(data: dict[str, Any], person_id: str) -> Any:
    return send_query("people", "list_consent_history", {**data, "person_id": person_id})


@blp.get("/consent-purposes")
@blp.summary("Lista as finalidades de consentimento")
@needs("people.read")
@blp.response(200, consents_contract.PurposeList)
@refuses(blp)
def list_consent_purposes() -> Any:
    return send_query("people", "list_consent_purposes", {})


@blp.post("/consent-purposes")
@blp.summary("Cria uma finalidade de consentimento")
@needs("people.configure")
@blp.arguments(consents_contract.AddPurpose)
@blp.response(201, consents_contract.Purpose)
@refuses(blp, 409)
def create_consent_purpose(data: dict[str, Any]) -> Any:
    return send_command("people", "add_consent_purpose", consents_contract.AddPurpose, data)


@blp.get("/persons/<string:person_id>/access-report")
@blp.summary(
    "Emite o relatório de acesso do titular",
    "LGPD, artigo 18: todos os dados da pessoa, de todos os serviços.",
)
@needs("people.administer")
@blp.file("NDJSON: cada registro que há da pessoa e, por fim, uma linha de conclusão", "application/x-ndjson")
@refuses(blp, 404)
def get_access_report(person_id: str) -> Response:
    """LGPD, article 18, II: all data of the person in the five services; the last line says if it is complete."""
    person = send_query("people", "get_person", {"id": person_id})
    lines = person_report.run(bus(), auth.context(), person["id"])
    record_access(person["id"], "access_report")
    answer = Response(stream_with_context(lines), content_type="application/x-ndjson")
    answer.headers["Content-Disposition"] = f'attachment; filename="pessoa-{person["code"]}.ndjson"'
    return answer


@blp.post("/persons/<string:person_id>/erasure")
@blp.summary(
    "Elimina os dados de uma pessoa",
    "LGPD, artigo 18, VI: cada serviço elimina os dados da pessoa. Não pode ser desfeito.",
)
@needs("people.administer")
@blp.arguments(erasure_contract.ErasePerson(exclude=("person_id",)))
@blp.response(202, erasure_contract.Erasure)
@refuses(blp, 404, 409)
def erase_person(data: dict[str, Any], person_id: str) -> Any:
    """LGPD, article 18, VI: asks every service to erase the person's data. It cannot be undone."""
    return send_command("people", "erase_person", erasure_contract.ErasePerson, data, person_id=person_id)


@blp.get("/persons/<string:person_id>/erasure")
@blp.summary(
    "Acompanha a eliminação dos dados",
    "O recibo de cada serviço: o que foi eliminado, o que ficou anônimo, o que a lei manda guardar e por quê.",
)
@needs("people.administer")
@blp.response(200, erasure_contract.Erasure)
@refuses(blp, 404)
def get_erasure(person_id: str) -> Any:
    """Each service's receipt: what was erased, what became anonymous, what the law keeps and why."""
    return send_query("people", "get_erasure", {"person_id": person_id})


@blp.get("/persons/<string:person_id>/looks")
@blp.summary("Lista quem consultou a pessoa", "Os acessos mais recentes primeiro.")
@needs("people.administer")
@blp.arguments(PageQuery, location="query")
@blp.response(200, access_log_contract.LookPage)
@refuses(blp, 404)
def list_looks(data: dict[str, Any], person_id: str) -> Any:
    """Who looked at the person's data, newest first."""
    return send_query("people", "list_looks", {**data, "person_id": person_id})
