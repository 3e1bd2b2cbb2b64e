"""Mail accounts of users and of the company (row N5), and which one a user's mail goes through (row N2)."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.requests import send_command, send_command_secretly, send_query
from services.notifications.accounts import contract

blp = JsonBlueprint("accounts", __name__, url_prefix="/v1", description="Contas de e-mail")

CHECKED = "A senha é conferida no servidor antes de ser guardada, cifrada, e não é mostrada outra vez."


@blp.get("/mail-account")
@blp.summary("Lê a própria conta de e-mail")
@needs("people.own")
@blp.response(200, contract.MailAccount)
@refuses(blp, 404)
def get_own_mail_account() -> Any:
    return send_query("notifications", "get_own_mail_account", {})


@blp.put("/mail-account")
@blp.honours(secret=True)
@blp.summary("Cadastra a própria conta de e-mail", CHECKED)
@needs("people.own")
@blp.arguments(contract.PutMailAccount)
@blp.response(200, contract.MailAccount)
@refuses(blp, 409, 412)
def put_own_mail_account(data: dict[str, Any]) -> Any:
    """The account is tried at its server before it is stored."""
    return send_command_secretly("notifications", "put_own_mail_account", contract.PutMailAccount, data)


@blp.delete("/mail-account")
@blp.summary("Remove a própria conta de e-mail", "A resposta diz por qual conta seguem os e-mails.")
@needs("people.own")
@blp.response(200, contract.RemovedMailAccount)
@refuses(blp, 404, 412)
def remove_own_mail_account() -> Any:
    return send_command("notifications", "remove_own_mail_account", contract.RemoveMailAccount, {})


@blp.get("/mail-sender")
@blp.summary(
    "Diz por qual conta sai um e-mail do usuário",
    "A própria; sem ela, a da empresa; sem ela, a da instalação.",
)
@needs("people.read")
@blp.response(200, contract.Sender)
@refuses(blp)
def get_mail_sender() -> Any:
    return send_query("notifications", "get_mail_sender", {})


@blp.get("/settings/mail-usage")
@blp.summary(
    "Lê quantos e-mails de hoje saíram pela conta da instalação",
    "E o limite diário da empresa, se a instalação tem um (`VINCULO_COMPANY_MAILS_A_DAY`). Acima dele os e-mails "
    "esperam o dia seguinte, e o envio diz `company_day_spent`; pela conta da própria empresa não há esse limite.",
)
@needs("notifications.configure")
@blp.response(200, contract.MailUsage)
@refuses(blp)
def get_mail_usage() -> Any:
    return send_query("notifications", "get_mail_usage", {})


@blp.get("/settings/mail-account")
@blp.summary("Lê a conta de e-mail da empresa")
@needs("notifications.configure")
@blp.response(200, contract.MailAccount)
@refuses(blp, 404)
def get_company_mail_account() -> Any:
    return send_query("notifications", "get_company_mail_account", {})


@blp.put("/settings/mail-account")
@blp.honours(secret=True)
@blp.summary("Cadastra a conta de e-mail da empresa", CHECKED)
@needs("notifications.configure")
@blp.arguments(contract.PutMailAccount)
@blp.response(200, contract.MailAccount)
@refuses(blp, 409, 412)
def put_company_mail_account(data: dict[str, Any]) -> Any:
    """The account is tried at its server before it is stored."""
    return send_command_secretly("notifications", "put_company_mail_account", contract.PutMailAccount, data)


@blp.delete("/settings/mail-account")
@blp.summary("Remove a conta de e-mail da empresa", "A resposta diz por qual conta seguem os e-mails.")
@needs("notifications.configure")
@blp.response(200, contract.RemovedMailAccount)
@refuses(blp, 404, 412)
def remove_company_mail_account() -> Any:
    return send_command("notifications", "remove_company_mail_account", contract.RemoveMailAccount, {})
