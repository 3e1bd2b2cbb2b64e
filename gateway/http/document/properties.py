"""What the properties of bodies mean, in Portuguese, for who sends them: by their names, which mean the same
everywhere, or by the schema, where one means something else there.

Works on the finished document, and changes it in place.
"""

from __future__ import annotations

import re
from typing import Any

from gateway.http.document.answers import operations, schemas_reached_from
from gateway.http.document.property_words import BY_NAME as BY_NAME

# A schema is called without what is done with it, so that who adds and who changes read the same.
DOES = re.compile(r"^(?:Add|Change|Create|Define|Put|Register)(?=[A-Z])|Input$")

# "<schema>.<property>", by what DOES leaves of the schema's name.
OF_SCHEMA = {
    "Contract.items": "O que o contrato cobra a cada mês.",
    "CloseAsWon.items": "O que se vendeu agora; sem itens, o que os pedidos do contato de venda dizem.",
    "Workflow.items": "O desenho: decisões e centros.",
    "MailAccount.password": "A senha; sem ela, fica a gravada, se o servidor e o usuário são os mesmos.",
    "Mailbox.password": "A senha; sem ela, fica a gravada, se o servidor e o usuário são os mesmos.",
    "Approving.body": "O corpo com que a ação será pedida; {} onde não há.",
    "Approving.login": "O login do supervisor.",
    "Approving.password": "A senha do supervisor.",
    "Approving.subject": "O registro da ação: o último id do seu endereço; nulo onde não há.",
    "AudienceFilter.category_id": "Só desta categoria: o nome de uma do sistema, ou o id de uma da empresa.",
    "AudienceFilter.characteristic_id": "Só com esta característica (id).",
    "AudienceFilter.city": "Só deste município.",
    "AudienceFilter.state": "Só deste estado.",
    "Address.state": "O estado (sigla); exigido no Brasil.",
    "BillPeriod.amount": "O valor; o do título desfeito, se não vier.",
    "BillPeriod.due_on": "O vencimento; o do título desfeito, se não vier.",
    "CommissionRate.code": "O produto, pelo código, catalogado ou não.",
    "CommissionRate.person_id": "O vendedor (id da pessoa).",
    "CloseCommission.person_id": "O vendedor (id da pessoa).",
    "Configuration.options": "As opções da empresa.",
    "Discount.amount": "Em valor.",
    "Discount.percent": "Em percentual.",
    "Email.address": "O endereço.",
    "FiscalCertificate.password": "A senha do arquivo.",
    "FiscalPlace.state": "O estado (sigla).",
    "FiscalSettings.address": "O endereço de quem emite, por inteiro.",
    "FiscalSettings.environment": "Homologação (sem valor fiscal) ou produção.",
    "FiscalSettings.name": "A razão social.",
    "FlowColumn.name": "A coluna.",
    "Configuration.format": "A versão do formato deste documento.",
    "JoinCompany.person_id": "A pessoa que o usuário é (id): um funcionário ou representante.",
    "Letterhead.address": "O endereço, em uma linha.",
    "MailAccount.address": "O endereço de que os e-mails saem.",
    "MailAccount.name": "O nome com que os e-mails saem.",
    "Mailbox.address": "O endereço cujas mensagens chegam.",
    "MailTemplate.role_ids": "Os papéis cujos usuários o usam (ids).",
    "Mailing.order": "A ordem das cartas.",
    "Mailing.template_id": "Um modelo de e-mail (id), em vez de assunto e texto.",
    "MarkOpportunities.ids": "Os contatos de venda (ids).",
    "ManyOpportunities.ids": "Os contatos de venda (ids).",
    "Report.ids": "Os atendimentos (ids).",
    "MergePersons.person_id": "O cadastro que deixa de existir (id).",
    "NewWhatsAppMessage.to": "O telefone a que vai; o da pessoa, se não vier.",
    "OwnPassword.password": "A senha nova.",
    "Purpose.code": "O código, que não muda.",
    "Question.order": "A ordem entre as perguntas.",
    "RedeliverWebhook.since": "Os eventos desde este momento são entregues de novo.",
    "Stage.position": "O lugar no funil, contado a partir de 1; sem ele, o último antes do encerramento.",
    "SettleReceivable.amount": "O dinheiro que entrou; o que falta, se não vier.",
    "SettleReceivable.discount": "O desconto concedido.",
    "User.password": "A primeira senha, que o usuário troca.",
    "User.person_id": "A pessoa que o usuário é (id): um funcionário ou representante.",
    "Webhook.types": "Os eventos a entregar.",
    "WorkflowAnswer.to": "O item a que a resposta leva (id).",
    "WorkflowItem.answers": "As respostas da decisão.",
}


def put_into(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for name in schemas_reached_from(
        [operation.get("requestBody", {}) for _, _, operation in operations(document)], schemas
    ):
        for field, said in schemas[name].get("properties", {}).items():
            words = of(name, field)
            if words is not None:
                said.setdefault("description", words)


def of(schema: str, field: str) -> str | None:
    return OF_SCHEMA.get(f"{DOES.sub('', schema)}.{field}") or BY_NAME.get(field)
