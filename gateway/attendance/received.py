"""The company's rule for messages received from customers (row N10)."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.requests import send_command, send_query
from services.attendance.received import contract

blp = JsonBlueprint(
    "received_messages", __name__, url_prefix="/v1/settings/received-messages", description="Mensagens recebidas"
)  # fmt: skip


@blp.get("")
@blp.summary("Lê o que é feito das mensagens recebidas")
@needs("attendance.read")
@blp.response(200, contract.ReceivingRule)
@refuses(blp)
def get_receiving_rule() -> Any:
    return send_query("attendance", "get_receiving_rule", {})


@blp.patch("")
@blp.summary(
    "Altera o que é feito das mensagens recebidas",
    "A que não responde a nenhum atendimento vai ao aberto por último da pessoa, se o remetente for certo; senão "
    "abre um novo, ou espera que alguém a atribua. Uma resposta a um atendimento encerrado abre outro, que o continua.",
)
@needs("attendance.configure")
@blp.arguments(contract.ChangeReceivingRule)
@blp.response(200, contract.ReceivingRule)
@refuses(blp, 404, 409, 412)
def change_receiving_rule(data: dict[str, Any]) -> Any:
    return send_command("attendance", "change_receiving_rule", contract.ChangeReceivingRule, data)
