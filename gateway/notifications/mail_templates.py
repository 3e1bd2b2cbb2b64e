"""Templates of e-mails (row N5): stored, checked, previewed and filled in; they are rendered as documents are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from gateway.documents import mails
from gateway.http import auth
from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.requests import send_command, send_query
from services.chassis.inputs import Id, Line, Verbatim
from services.chassis.schemas import Result, Strict
from services.notifications.templates import contract

blp = JsonBlueprint("mail_templates", __name__, url_prefix="/v1/mail-templates", description="Modelos de e-mail")

ONE = "/<string:mail_template_id>"


class MailVariable(Result):
    """`usage`: how a template writes it."""

    name = fields.String()
    usage = fields.String()
    description = fields.String()
    example = fields.String()


class MailVariableList(Result):
    items = fields.List(fields.Nested(MailVariable))


class PreviewMail(Strict):
    """Texts that are not stored yet; they are filled in with sample values."""

    subject = Line(200, required=True)
    text = Verbatim(contract.TEXT_LENGTH, required=True)


class FillMailTemplate(Strict):
    person_id = Id(required=True)
    attendance_id = Id(load_default=None, allow_none=True)


class FilledMail(Result):
    subject = fields.String()
    text = fields.String()


def _check(data: Mapping[str, Any]) -> None:
    """Renders the template with sample values; raises what mails.fill_in raises."""
    mails.fill_in(auth.context(), data.get("subject", ""), data.get("text", ""), mails.samples())


@blp.get("/variables")
@blp.summary("Lista as variáveis dos modelos de e-mail")
@needs("notifications.read")
@blp.response(200, MailVariableList)
@refuses(blp)
def list_mail_variables() -> Any:
    return {
        "items": [
            {"name": name, "usage": f"{{{{ {name} }}}}", "description": description, "example": example}
            for name, (description, example) in mails.VARIABLES.items()
        ]
    }


@blp.get("")
@blp.summary("Lista os modelos de e-mail", "Os que o usuário pode usar; com `all`, todos, para quem configura.")
@needs("notifications.read")
@blp.arguments(contract.ListMailTemplates, location="query")
@blp.response(200, contract.MailTemplateList)
@refuses(blp)
def list_mail_templates(data: dict[str, Any]) -> Any:
    return send_query("notifications", "list_mail_templates", data)


@blp.post("")
@blp.summary("Cria um modelo de e-mail", "Testado antes com valores de exemplo: o que não funciona não é gravado.")
@needs("notifications.configure")
@blp.arguments(contract.AddMailTemplate)
@blp.response(201, contract.MailTemplate, at="/v1/mail-templates/{id}")
@refuses(blp, 404, 409)
def create_mail_template(data: dict[str, Any]) -> Any:
    _check(data)
    return send_command("notifications", "add_mail_template", contract.AddMailTemplate, data)


@blp.post("/preview")
@blp.summary("Mostra a prévia de um modelo de e-mail", "Com valores de exemplo; nada é gravado.")
@needs("notifications.configure")
@blp.arguments(PreviewMail)
@blp.response(200, FilledMail)
@refuses(blp)
def preview_mail_template(data: dict[str, Any]) -> Any:
    return mails.fill_in(auth.context(), data["subject"], data["text"], mails.samples())


@blp.get(ONE)
@blp.summary("Lê um modelo de e-mail")
@needs("notifications.read")
@blp.response(200, contract.MailTemplate)
@refuses(blp, 404)
def get_mail_template(mail_template_id: str) -> Any:
    return send_query("notifications", "get_mail_template", {"template_id": mail_template_id})


@blp.patch(ONE)
@blp.summary("Altera um modelo de e-mail", "Só o que é enviado muda; testado antes com valores de exemplo.")
@needs("notifications.configure")
@blp.arguments(contract.ChangeMailTemplate(exclude=("template_id",)))
@blp.response(200, contract.MailTemplate)
@refuses(blp, 404, 409, 412)
def change_mail_template(data: dict[str, Any], mail_template_id: str) -> Any:
    _check(data)
    return send_command(
        "notifications", "change_mail_template", contract.ChangeMailTemplate, data, template_id=mail_template_id
    )


@blp.delete(ONE)
@blp.summary("Exclui um modelo de e-mail")
@needs("notifications.configure")
@blp.response(200, contract.DeletedMailTemplate)
@refuses(blp, 404, 412)
def delete_mail_template(mail_template_id: str) -> Any:
    return send_command(
        "notifications", "delete_mail_template", contract.DeleteMailTemplate, {}, template_id=mail_template_id
    )


@blp.post(f"{ONE}/fill")
@blp.summary(
    "Preenche um modelo de e-mail",
    "Para uma pessoa e, se houver, um atendimento; para ser revisto e enviado.",
)
@needs("notifications.read")
@blp.arguments(FillMailTemplate)
@blp.response(200, FilledMail)
@refuses(blp, 404)
def fill_mail_template(data: dict[str, Any], mail_template_id: str) -> Any:
    """Refused for a template that was not granted to the user."""
    template = send_query("notifications", "get_mail_template", {"template_id": mail_template_id})
    values = mails.values_for(auth.context(), data["person_id"], data["attendance_id"])
    return mails.fill_in(auth.context(), template["subject"], template["text"], values)
