"""The company's WhatsApp account and its message templates (row N4)."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.requests import send_command, send_command_secretly, send_query
from services.notifications.whatsapp_accounts import contract

blp = JsonBlueprint("whatsapp_accounts", __name__, url_prefix="/v1", description="Conta de WhatsApp")

ACCOUNT = "/settings/whatsapp-account"


@blp.get(ACCOUNT)
@blp.summary("Lê a conta de WhatsApp da empresa", "Sem os segredos.")
@needs("notifications.configure")
@blp.response(200, contract.WhatsAppAccount)
@refuses(blp, 404)
def get_whatsapp_account() -> Any:
    return send_query("notifications", "get_whatsapp_account", {})


@blp.put(ACCOUNT)
@blp.honours(secret=True)
@blp.summary(
    "Cadastra a conta de WhatsApp da empresa",
    "O token e a chave secreta são conferidos na API da Meta antes de serem guardados, cifrados, e não são mostrados "
    "outra vez; os modelos aprovados são lidos. No painel da Meta, aponte as notificações para `callback_path`.",
)
@needs("notifications.configure")
@blp.arguments(contract.PutWhatsAppAccount)
@blp.response(200, contract.WhatsAppAccount)
@refuses(blp, 409, 412)
def put_whatsapp_account(data: dict[str, Any]) -> Any:
    """The account is verified at the API before it is stored."""
    return send_command_secretly("notifications", "put_whatsapp_account", contract.PutWhatsAppAccount, data)


@blp.delete(ACCOUNT)
@blp.summary("Remove a conta de WhatsApp da empresa", "As mensagens que esperam na fila não são mais enviadas.")
@needs("notifications.configure")
@blp.response(200, contract.RemovedWhatsAppAccount)
@refuses(blp, 404, 412)
def remove_whatsapp_account() -> Any:
    return send_command("notifications", "remove_whatsapp_account", contract.RemoveWhatsAppAccount, {})


@blp.post(f"{ACCOUNT}/read-templates")
@blp.summary("Lê de novo os modelos de mensagem", "Os aprovados, da API da Meta.")
@needs("notifications.configure")
@blp.response(200, contract.ReadTemplates)
@refuses(blp, 404)
def read_whatsapp_templates() -> Any:
    return send_command("notifications", "read_whatsapp_templates", contract.ReadWhatsAppTemplates, {})


@blp.get("/whatsapp-templates")
@blp.summary("Lista os modelos de mensagem do WhatsApp", "Os aprovados, com as variáveis a informar.")
@needs("notifications.read")
@blp.arguments(contract.ListWhatsAppTemplates, location="query")
@blp.response(200, contract.WhatsAppTemplatePage)
@refuses(blp)
def list_whatsapp_templates(data: dict[str, Any]) -> Any:
    return send_query("notifications", "list_whatsapp_templates", data)
