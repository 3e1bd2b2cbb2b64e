"""Webhooks of other systems, and the event feed (row N9)."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, PageQuery, refuses
from gateway.http.requests import send_command, send_command_secretly, send_query
from services.notifications.webhooks import contract

blp = JsonBlueprint("webhooks", __name__, url_prefix="/v1", description="Webhooks e eventos")

SIGNED = (
    "Cada evento é um POST assinado em `Vinculo-Signature`: `t=<segundos>,v1=<HMAC-SHA256 de t.corpo>`. "
    "A chave é mostrada só nesta resposta."
)


@blp.get("/webhooks")
@blp.summary("Lista os webhooks")
@needs("notifications.configure")
@blp.arguments(PageQuery, location="query")
@blp.response(200, contract.WebhookPage)
@refuses(blp)
def list_webhooks(data: dict[str, Any]) -> Any:
    return send_query("notifications", "list_webhooks", data)


@blp.post("/webhooks")
@blp.honours(secret=True)
@blp.summary("Cria um webhook", SIGNED)
@needs("notifications.configure")
@blp.arguments(contract.CreateWebhook)
@blp.response(201, contract.NewWebhook, at="/v1/webhooks/{id}")
@refuses(blp, 409)
def create_webhook(data: dict[str, Any]) -> Any:
    return send_command_secretly("notifications", "create_webhook", contract.CreateWebhook, data)


@blp.get("/webhooks/<string:webhook_id>")
@blp.summary("Lê um webhook", "Com as últimas tentativas.")
@needs("notifications.configure")
@blp.response(200, contract.Webhook)
@refuses(blp, 404)
def get_webhook(webhook_id: str) -> Any:
    return send_query("notifications", "get_webhook", {"webhook_id": webhook_id})


@blp.patch("/webhooks/<string:webhook_id>")
@blp.summary("Altera, pausa ou retoma um webhook", "Retomado, segue de onde parou.")
@needs("notifications.configure")
@blp.arguments(contract.ChangeWebhook(exclude=("webhook_id",)))
@blp.response(200, contract.Webhook)
@refuses(blp, 404, 409, 412)
def change_webhook(data: dict[str, Any], webhook_id: str) -> Any:
    return send_command("notifications", "change_webhook", contract.ChangeWebhook, data, webhook_id=webhook_id)


@blp.post("/webhooks/<string:webhook_id>/secret")
@blp.honours(secret=True)
@blp.summary("Troca a chave de um webhook", SIGNED)
@needs("notifications.configure")
@blp.response(200, contract.WebhookSecret)
@refuses(blp, 404, 409)
def rotate_webhook_secret(webhook_id: str) -> Any:
    return send_command_secretly(
        "notifications", "rotate_webhook_secret", contract.RotateWebhookSecret, {}, webhook_id=webhook_id
    )


@blp.post("/webhooks/<string:webhook_id>/redeliver")
@blp.summary("Entrega de novo", "Tudo o que foi guardado desde o momento dado, na mesma ordem e com os mesmos ids.")
@needs("notifications.configure")
@blp.arguments(contract.RedeliverWebhook(exclude=("webhook_id",)))
@blp.response(202, contract.Webhook)
@refuses(blp, 404, 409, 412)
def redeliver_webhook(data: dict[str, Any], webhook_id: str) -> Any:
    return send_command("notifications", "redeliver_webhook", contract.RedeliverWebhook, data, webhook_id=webhook_id)


@blp.delete("/webhooks/<string:webhook_id>")
@blp.summary("Exclui um webhook")
@needs("notifications.configure")
@blp.response(200, contract.DeletedWebhook)
@refuses(blp, 404, 412)
def delete_webhook(webhook_id: str) -> Any:
    return send_command("notifications", "delete_webhook", contract.DeleteWebhook, {}, webhook_id=webhook_id)


@blp.get("/events")
@blp.summary(
    "Lê os eventos da empresa",
    "Na ordem em que foram guardados, a partir do cursor; só os tipos e os registros que quem lê pode ver. "
    "Guardados enquanto a empresa tem um webhook, por 30 dias.",
)
@needs("notifications.read")
@blp.arguments(contract.ListEvents, location="query")
@blp.response(200, contract.EventPage)
@refuses(blp)
def list_events(data: dict[str, Any]) -> Any:
    return send_query("notifications", "list_events", data, contract.ListEvents)
