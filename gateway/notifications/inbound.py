"""Messages received from customers that a user looks at, assigns or puts away (row N10)."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.requests import send_command, send_query
from services.notifications.inbound import contract

blp = JsonBlueprint(
    "inbound_messages", __name__, url_prefix="/v1/inbound-messages", description="Mensagens recebidas"
)  # fmt: skip


@blp.get("")
@blp.summary(
    "Lista as mensagens recebidas",
    "As mais novas primeiro, da empresa ou de uma pessoa. As que esperam alguém têm `state=unassigned`.",
)
@needs("notifications.read")
@blp.arguments(contract.ListInboundMessages, location="query")
@blp.response(200, contract.InboundMessagePage)
@refuses(blp)
def list_inbound_messages(data: dict[str, Any]) -> Any:
    return send_query("notifications", "list_inbound_messages", data)


@blp.get("/<string:message_id>")
@blp.summary("Lê uma mensagem recebida")
@needs("notifications.read")
@blp.response(200, contract.InboundMessage)
@refuses(blp, 404)
def get_inbound_message(message_id: str) -> Any:
    return send_query("notifications", "get_inbound_message", {"message_id": message_id})


@blp.post("/<string:message_id>/assign")
@blp.summary(
    "Atribui uma mensagem recebida a uma pessoa",
    "Vira um parecer do atendimento informado; sem ele, do que a regra da empresa escolhe. Só a que ainda espera.",
)
@needs("notifications.write")
@blp.arguments(contract.AssignInboundMessage(exclude=("message_id",)))
@blp.response(200, contract.InboundMessage)
@refuses(blp, 404, 409, 412)
def assign_inbound_message(data: dict[str, Any], message_id: str) -> Any:
    return send_command(
        "notifications", "assign_inbound_message", contract.AssignInboundMessage, data, message_id=message_id
    )


@blp.post("/<string:message_id>/discard")
@blp.summary("Descarta uma mensagem recebida", "Os arquivos dela são eliminados. Só a que ainda espera.")
@needs("notifications.write")
@blp.response(200, contract.InboundMessage)
@refuses(blp, 404, 409, 412)
def discard_inbound_message(message_id: str) -> Any:
    return send_command(
        "notifications", "discard_inbound_message", contract.DiscardInboundMessage, {}, message_id=message_id
    )
