"""The company's templates of quotes and visit sheets: stored, checked, previewed (rows S12, S23)."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import ValidationError, fields, validates_schema

from gateway.documents import gathering, processes
from gateway.documents.answers import FORMATS, as_response
from gateway.documents.variables import describe, samples
from gateway.http import auth
from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.requests import send_command, send_query
from services.chassis.inputs import Choice, Id
from services.chassis.schemas import Result, Strict
from services.sales.templates import contract

blp = JsonBlueprint("templates", __name__, url_prefix="/v1", description="Modelos de propostas e fichas de visita")

ONE = "/document-templates/<string:template_id>"


class VariablesQuery(Strict):
    kind = Choice(contract.TEMPLATE_KINDS, required=True)


class VariableItem(Result):
    """`usage`: how a template writes it."""

    name = fields.String()
    usage = fields.String()
    description = fields.String()
    example = fields.String()


class VariableList(Result):
    items = fields.List(fields.Nested(VariableItem))


class Preview(contract.TemplateTexts):
    """Texts that are not stored yet; they are filled with sample values, unless a quote or an opportunity is named."""

    kind = Choice(contract.TEMPLATE_KINDS, required=True)
    format = Choice(FORMATS, load_default="html")
    quote_id = Id(minimum=0, load_default=None, allow_none=True)
    opportunity_id = Id(minimum=0, load_default=None, allow_none=True)

    @validates_schema
    def of_its_kind(self, data: dict[str, Any], **_: Any) -> None:
        wrong = "opportunity_id" if data["kind"] == contract.QUOTE else "quote_id"
        if data[wrong] is not None:
            raise ValidationError("Informe um registro do tipo do modelo.", wrong)


@blp.get("/document-variables")
@blp.summary("Lista as variáveis dos modelos", "O que um modelo deste tipo pode usar.")
@needs("sales.read")
@blp.arguments(VariablesQuery, location="query")
@blp.response(200, VariableList)
@refuses(blp)
def list_variables(data: dict[str, Any]) -> Any:
    """Row S12, "Consultar variáveis": what a template of this kind may use."""
    return {"items": describe(data["kind"])}


@blp.get("/document-templates")
@blp.summary("Lista os modelos de documento", "Os da empresa e o de fábrica de cada tipo.")
@needs("sales.read")
@blp.arguments(contract.ListTemplates, location="query")
@blp.response(200, contract.TemplateList)
@refuses(blp)
def list_templates(data: dict[str, Any]) -> Any:
    """The company's templates, and the built-in one of each kind."""
    return send_query("sales", "list_templates", data)


@blp.post("/document-templates")
@blp.summary("Cria um modelo de documento", "Testado antes com valores de exemplo: o que não funciona não é gravado.")
@needs("sales.configure")
@blp.arguments(contract.AddTemplate)
@blp.response(201, contract.Template, at="/v1/document-templates/{id}")
@refuses(blp, 409)
def create_template(data: dict[str, Any]) -> Any:
    """It is rendered with sample values first, and stored only if that works."""
    gathering.check(auth.context().company, data["kind"], data["subject"], data["body"])
    return send_command("sales", "add_template", contract.AddTemplate, data)


@blp.post("/document-templates/preview")
@blp.summary("Mostra a prévia de um modelo", "Nada é gravado.")
@needs("sales.configure")
@blp.arguments(Preview)
@blp.file("O documento, em HTML ou PDF", "text/html", "application/pdf")
@refuses(blp, 404)
def preview_template(data: dict[str, Any]) -> Response:
    """Stores nothing."""
    context, kind = auth.context(), data["kind"]
    ids = {name: data[name] for name in ("quote_id", "opportunity_id") if data[name] is not None}
    values = gathering.gather(context, kind, **ids).values() if ids else samples(kind)
    pdf = data["format"] == "pdf"
    paper = processes.render(context.company, data["subject"], data["body"], values, pdf=pdf)
    return as_response(paper, "modelo")


@blp.get(ONE)
@blp.summary("Lê um modelo de documento")
@needs("sales.read")
@blp.response(200, contract.Template)
@refuses(blp, 404)
def get_template(template_id: str) -> Any:
    return send_query("sales", "get_template", {"template_id": template_id})


@blp.patch(ONE)
@blp.summary("Altera um modelo de documento", "Só o que é enviado muda; testado antes com valores de exemplo.")
@needs("sales.configure")
@blp.arguments(contract.ChangeTemplate(exclude=("template_id", "version")))
@blp.response(200, contract.Template)
@refuses(blp, 404, 409, 412)
def change_template(data: dict[str, Any], template_id: str) -> Any:
    """Changes the given fields; it is rendered with sample values first, and stored only if that works."""
    texts = {**send_query("sales", "get_template", {"template_id": template_id}), **data}
    if data.keys() & {"subject", "body"}:
        gathering.check(auth.context().company, texts["kind"], texts["subject"], texts["body"])
    return send_command("sales", "change_template", contract.ChangeTemplate, data, template_id=template_id)


@blp.delete(ONE)
@blp.summary("Exclui um modelo de documento")
@needs("sales.configure")
@blp.response(200, contract.DeletedTemplate)
@refuses(blp, 404, 409, 412)
def delete_template(template_id: str) -> Any:
    return send_command("sales", "delete_template", contract.OneTemplate, {}, template_id=template_id)


@blp.put(f"{ONE}/default")
@blp.summary(
    "Torna padrão um modelo",
    "Usado daqui em diante onde ninguém nomeia um do seu tipo; o de fábrica pode ser escolhido de novo.",
)
@needs("sales.configure")
@blp.response(200, contract.Template)
@refuses(blp, 404)
def choose_template(template_id: str) -> Any:
    """Makes it the default of its kind; a built-in template may be chosen too."""
    return send_command("sales", "choose_template", contract.OneTemplate, {}, template_id=template_id)
