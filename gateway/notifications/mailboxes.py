"""Mailboxes of users and of the company, in which customers' answers are read (row N10)."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.requests import send_command, send_command_secretly, send_query
from services.notifications.mailboxes import contract

blp = JsonBlueprint("mailboxes", __name__, url_prefix="/v1", description="Caixas de entrada")

READ = (
    "Lida por IMAP; nada é apagado, movido ou marcado nela. A senha é conferida no servidor antes de ser guardada, "
    "cifrada, e não é mostrada outra vez. "
)


@blp.get("/mailbox")
@blp.summary("Lê a própria caixa de entrada")
@needs("people.own")
@blp.response(200, contract.Mailbox)
@refuses(blp, 404)
def get_own_mailbox() -> Any:
    return send_query("notifications", "get_own_mailbox", {})


@blp.put("/mailbox")
@blp.honours(secret=True)
@blp.summary("Cadastra a própria caixa de entrada", f"{READ}Dela só são tiradas as respostas a e-mails da empresa.")
@needs("people.own")
@blp.arguments(contract.PutMailbox)
@blp.response(200, contract.Mailbox)
@refuses(blp, 409, 412)
def put_own_mailbox(data: dict[str, Any]) -> Any:
    """The mailbox is tried at its server before it is stored."""
    return send_command_secretly("notifications", "put_own_mailbox", contract.PutMailbox, data)


@blp.delete("/mailbox")
@blp.summary("Remove a própria caixa de entrada")
@needs("people.own")
@blp.response(200, contract.RemovedMailbox)
@refuses(blp, 404, 412)
def remove_own_mailbox() -> Any:
    return send_command("notifications", "remove_own_mailbox", contract.RemoveMailbox, {})


@blp.get("/settings/mailbox")
@blp.summary("Lê a caixa de entrada da empresa")
@needs("notifications.configure")
@blp.response(200, contract.Mailbox)
@refuses(blp, 404)
def get_company_mailbox() -> Any:
    return send_query("notifications", "get_company_mailbox", {})


@blp.put("/settings/mailbox")
@blp.honours(secret=True)
@blp.summary(
    "Cadastra a caixa de entrada da empresa",
    f"{READ}As respostas aos e-mails da empresa passam a ir para ela, cada uma com o seu endereço de resposta.",
)
@needs("notifications.configure")
@blp.arguments(contract.PutMailbox)
@blp.response(200, contract.Mailbox)
@refuses(blp, 409, 412)
def put_company_mailbox(data: dict[str, Any]) -> Any:
    """The mailbox is tried at its server before it is stored."""
    return send_command_secretly("notifications", "put_company_mailbox", contract.PutMailbox, data)


@blp.delete("/settings/mailbox")
@blp.summary("Remove a caixa de entrada da empresa")
@needs("notifications.configure")
@blp.response(200, contract.RemovedMailbox)
@refuses(blp, 404, 412)
def remove_company_mailbox() -> Any:
    return send_command("notifications", "remove_company_mailbox", contract.RemoveMailbox, {})
