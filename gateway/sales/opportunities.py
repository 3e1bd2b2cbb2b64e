"""Opportunities: creating, editing, moving, filing, marking."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.requests import send_command, send_query
from gateway.sales import quick_registration
from services.attendance.cycles.contract import AnswerValue
from services.chassis.access import sections
from services.chassis.inputs import Choice, Id
from services.chassis.schemas import Result
from services.people.persons.contract import DuplicateWarning, RegisterPerson
from services.sales.opportunities import contract
from services.scheduling.contract import Appointment, BookAppointment

blp = JsonBlueprint("sales", __name__, url_prefix="/v1", description="Contatos de venda")

ONE = "/opportunities/<string:opportunity_id>"


OpportunityQuery = contract.ListOpportunities(exclude=("person_id", "include_closed"))


class LinkedAppointment(BookAppointment):
    """An appointment that is made with the opportunity, and linked to it and its person."""

    class Meta(BookAppointment.Meta):
        exclude = ("person_id", "opportunity_id")


class CreateOpportunity(contract.CreateOpportunity):
    """Row S1: `answers` of the conversation's cycle, by question; `appointment`: one that is linked to it."""

    answers = fields.Dict(
        keys=Id(), values=AnswerValue(allow_none=True), load_default=None, allow_none=True,
        validate=validate.Length(min=1, max=200), metadata=sections.of("attendances"),
    )  # fmt: skip
    appointment = fields.Nested(LinkedAppointment, load_default=None, allow_none=True)


class RefusedPart(Result):
    """A part of the request that its service refused; `part`: answers or appointment."""

    part = Choice(("answers", "appointment"))
    code = fields.String()
    detail = fields.String()


class CreatedOpportunity(contract.Opportunity):
    """`warnings`: probable duplicates of a person who was registered with it (row S3). `refused`: parts that were not
    taken; the opportunity is there all the same."""

    warnings = fields.List(fields.Nested(DuplicateWarning))
    appointment = fields.Nested(Appointment, allow_none=True)
    refused = fields.List(fields.Nested(RefusedPart))


class CreateWithPerson(CreateOpportunity):
    """Row S3: a person who is registered already, or one to register with the opportunity."""

    person_id = Id(load_default=None, allow_none=True)
    person = fields.Nested(RegisterPerson(exclude=("import_key",)), load_default=None, allow_none=True)


@blp.get("/persons/<string:person_id>/opportunities")
@blp.summary(
    "Lista os contatos de venda de uma pessoa",
    "Os abertos, ou os de `state`, ou os de uma legenda; cada um com a sua legenda.",
)
@needs("sales.read")
@blp.arguments(OpportunityQuery, location="query")
@blp.response(200, contract.OpportunityPage)
@refuses(blp)
def list_opportunities(data: dict[str, Any], person_id: str) -> Any:
    """Row S2: open ones, or open and closed, each with its legend."""
    return send_query("sales", "list_opportunities", {**data, "person_id": person_id})


@blp.post("/persons/<string:person_id>/opportunities")
@blp.summary(
    "Cria um contato de venda",
    "A sua conversa já existe quando é respondido. Respostas do ciclo e um agendamento podem vir junto.",
)
@needs("sales.write")
@blp.arguments(CreateOpportunity(exclude=("person_id",)))
@blp.response(201, CreatedOpportunity, at="/v1/opportunities/{id}")
@refuses(blp, 404, 409)
def create_opportunity(data: dict[str, Any], person_id: str) -> Any:
    """Row S1. Answers when the opportunity's conversation can be read."""
    return quick_registration.create_for_person(person_id, data)


@blp.post("/opportunities")
@blp.summary(
    "Cria um contato de venda com cadastro rápido",
    "`person` é cadastrada antes, e `warnings` aponta prováveis duplicatas; repetido com a mesma Idempotency-Key, os "
    "dois são feitos uma vez.",
)
@needs("sales.write")
@blp.arguments(CreateWithPerson)
@blp.response(201, CreatedOpportunity, at="/v1/opportunities/{id}")
@refuses(blp, 404, 409)
def create_opportunity_with_person(data: dict[str, Any]) -> Any:
    """Row S3: `person` is registered first; sent again with the same Idempotency-Key, both are made once."""
    return quick_registration.create(data)


@blp.get(ONE)
@blp.summary("Lê um contato de venda")
@needs("sales.read")
@blp.response(200, contract.Opportunity)
@refuses(blp, 404)
def get_opportunity(opportunity_id: str) -> Any:
    return send_query("sales", "get_opportunity", {"id": opportunity_id})


@blp.patch(ONE)
@blp.summary("Altera um contato de venda", "O que não é enviado permanece.")
@needs("sales.write")
@blp.arguments(contract.ChangeOpportunity(exclude=("opportunity_id", "version")))
@blp.response(200, contract.Opportunity)
@refuses(blp, 404, 409, 412)
def change_opportunity(data: dict[str, Any], opportunity_id: str) -> Any:
    """Row S9: changes the given fields."""
    path = {"opportunity_id": opportunity_id}
    return send_command("sales", "change_opportunity", contract.ChangeOpportunity, data, **path)


@blp.delete(ONE)
@blp.summary("Exclui um contato de venda", "Em definitivo.")
@needs("sales.write")
@blp.response(200, contract.DeletedOpportunity)
@refuses(blp, 404, 412)
def delete_opportunity(opportunity_id: str) -> Any:
    """Row S9: deletes it for good."""
    return send_command("sales", "delete_opportunity", contract.OneOpportunity, {}, opportunity_id=opportunity_id)


@blp.put(f"{ONE}/stage")
@blp.summary(
    "Move um contato de venda de estágio",
    "Até ser encerrado; o estágio de encerramento pede o resultado: encerre-o como ganho ou como perdido.",
)
@needs("sales.write")
@blp.arguments(contract.MoveOpportunity(exclude=("opportunity_id",)))
@blp.response(200, contract.Opportunity)
@refuses(blp, 404, 409, 412)
def move_opportunity(data: dict[str, Any], opportunity_id: str) -> Any:
    """Row S6: to another stage, until closed; the closing stage asks for the outcome."""
    return send_command("sales", "move_opportunity", contract.MoveOpportunity, data, opportunity_id=opportunity_id)


@blp.post(f"{ONE}/archive")
@blp.summary("Arquiva um contato de venda")
@needs("sales.write")
@blp.response(200, contract.Opportunity)
@refuses(blp, 404, 409, 412)
def archive_opportunity(opportunity_id: str) -> Any:
    """Row S9."""
    return send_command("sales", "archive_opportunity", contract.OneOpportunity, {}, opportunity_id=opportunity_id)


@blp.post(f"{ONE}/unarchive")
@blp.summary("Desarquiva um contato de venda")
@needs("sales.write")
@blp.response(200, contract.Opportunity)
@refuses(blp, 404, 409, 412)
def unarchive_opportunity(opportunity_id: str) -> Any:
    """Row S9."""
    return send_command("sales", "unarchive_opportunity", contract.OneOpportunity, {}, opportunity_id=opportunity_id)


@blp.post("/opportunities/archive")
@blp.summary("Arquiva vários contatos de venda")
@needs("sales.write")
@blp.arguments(contract.ManyOpportunities)
@blp.response(200, contract.BulkReport)
@refuses(blp)
def archive_opportunities(data: dict[str, Any]) -> Any:
    """Row S9: several at once; each is done or refused by itself."""
    return send_command("sales", "archive_opportunities", contract.ManyOpportunities, data)


@blp.post("/opportunities/unarchive")
@blp.summary("Desarquiva vários contatos de venda")
@needs("sales.write")
@blp.arguments(contract.ManyOpportunities)
@blp.response(200, contract.BulkReport)
@refuses(blp)
def unarchive_opportunities(data: dict[str, Any]) -> Any:
    """Row S9: several at once."""
    return send_command("sales", "unarchive_opportunities", contract.ManyOpportunities, data)


@blp.post("/opportunities/delete")
@blp.summary("Exclui vários contatos de venda", "Em definitivo.")
@needs("sales.write")
@blp.arguments(contract.ManyOpportunities)
@blp.response(200, contract.BulkReport)
@refuses(blp)
def delete_opportunities(data: dict[str, Any]) -> Any:
    """Row S9: several at once, for good."""
    return send_command("sales", "delete_opportunities", contract.ManyOpportunities, data)


@blp.post("/opportunities/markers")
@blp.summary("Põe e tira marcadores de contatos de venda")
@needs("sales.write")
@blp.arguments(contract.MarkOpportunities)
@blp.response(200, contract.BulkReport)
@refuses(blp, 404)
def mark_opportunities(data: dict[str, Any]) -> Any:
    """Row S7: puts markers on, and takes others off, one opportunity or many."""
    return send_command("sales", "mark_opportunities", contract.MarkOpportunities, data)
