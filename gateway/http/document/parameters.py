"""The descriptions of query and path parameters, in Portuguese: by name, since a name means the same everywhere, or by
operation and name for the exceptions."""

from __future__ import annotations

from typing import Any

from services.chassis.inputs import ID_LENGTH, LARGEST_WHOLE

QUERY = {
    "about": "Só o que este usuário ou esta chave fez, ou o que se fez a um usuário, papel, chave ou empresa (id).",
    "all": "Todos os da empresa, e não só os que o usuário pode usar; exige permissão de configurar.",
    "attendance_id": "O atendimento (id).",
    "billing": "Só os faturados, ou só os doados.",
    "category_id": "A categoria: o nome de uma do sistema (client, supplier...), ou o id de uma da empresa.",
    "center_id": "Só os que estão neste centro de responsabilidade (id).",
    "channel": "Só os deste canal.",
    "code": "O código exato; acentos e maiúsculas não importam.",
    "counted": "Com a contagem (`count`) na primeira página; acima de um limite ela não é exata (`exact`).",
    "cursor": "O `next_cursor` da página anterior; repita os outros parâmetros como estavam.",
    "customer_status": "Só de clientes nesta situação.",
    "date": "Um dia, AAAA-MM-DD, no calendário da empresa; hoje, se não vier.",
    "dedup_key": "A chave, escolhida pelo seu sistema, com que o atendimento será aberto.",
    "dry_run": "Só confere e responde o que aconteceria; nada é gravado.",
    "entries": "Com os pareceres, e não só os dados do atendimento.",
    "existing": "O que fazer com um produto que já está no catálogo: atualizar ou deixar como está.",
    "filed": "Os ativos, os arquivados ou os da lixeira.",
    "flow_id": "O fluxo (id).",
    "format": "O formato do documento.",
    "from": "Desde este dia, AAAA-MM-DD, no calendário da empresa; o próprio dia incluído.",
    "include_archived": "Também os arquivados.",
    "include_inactive": "Também os inativos.",
    "kind": "Só os deste tipo.",
    "legend": "Só os desta legenda.",
    "limit": "Quantos registros por página.",
    "lost_reason_id": "Só os perdidos por este motivo (id).",
    "manage": "Todos os da empresa, e não só os que o usuário usa; exige permissão de configurar.",
    "marker_id": "Só os que têm este marcador (id).",
    "name": "O nome do arquivo, como está na máquina do usuário; sem extensão, o conteúdo decide o tipo.",
    "next": "De onde o PDF seguinte continua, como está no cabeçalho `Link` do anterior.",
    "number": "O número da versão da proposta; a atual, se não vier.",
    "on": "O dia, AAAA-MM-DD, cujo faturamento se quer prever; hoje, se não vier.",
    "outcome": "Só os que terminaram assim.",
    "overdue": "Também os já vencidos, e não só os do dia.",
    "person_id": "Só os desta pessoa (id).",
    "profile": "Como o CSV é escrito: excel-br e excel-br-1252 com ponto e vírgula, utf-8 com vírgula.",
    "q": "O texto procurado, pelo começo de qualquer palavra; acentos e maiúsculas não importam.",
    "reference": "O número do atendimento, o que se diz em voz alta; acha um só, apesar dos outros filtros.",
    "sort": "A coluna que ordena; com `-` antes, do maior para o menor.",
    "stage_id": "Só os deste estágio (id).",
    "staged": "Os próprios que ainda não entraram em nenhum parecer.",
    "standard": "Só os pareceres feitos com um texto padrão.",
    "state": "Só os que estão nesta situação.",
    "tag_id": "Só os que têm esta tag (id); `todos` é a tag TODOS.",
    "take": "Os campos em que vale o valor da pessoa unida, e não o de quem a recebe.",
    "template_id": "O modelo (id); o padrão da empresa, se não vier.",
    "to": "Até este dia, AAAA-MM-DD, no calendário da empresa; o próprio dia incluído.",
    "type_id": "O tipo de atendimento (id).",
    "types": "Só os eventos destes tipos.",
    "undated": "As que não têm data, e não as que têm uma.",
    "user_id": "O usuário (id).",
    "watchers": "Se quem acompanha a pessoa seria avisado.",
    "whatsapp": "O número que receberia uma mensagem livre.",
    "notify_customer": "Se o cliente receberia uma cópia.",
}
# "<operation> <name>"
OF_ONE = {
    "get_audience to": "Os destinatários de um e-mail.",
    "list_critical_factors user_id": "O usuário a quem compete agir (id), ou `me`, o próprio.",
    "list_company_appointments user_id": "Quem agendou (id), ou `me`, o próprio usuário.",
    "list_pending_actions user_id": "De quem são (id), `me`, do próprio usuário, ou `nobody`, de ninguém.",
    "list_cities state": "A sigla do estado.",
    "list_events from": "Desde este momento, ISO 8601 com fuso.",
    "list_deliveries from": "Desde este momento, ISO 8601 com fuso.",
    "list_deliveries to": "Antes deste momento, ISO 8601 com fuso.",
}
PATH = {
    "code": "O código da pessoa, o que se diz em voz alta.",
    "external_id": "O id do registro no seu sistema, escolhido por ele.",
    "item_id": "O id, único dentro do registro a que pertence.",
    "number": "O número, contado a partir de 1 dentro do registro a que pertence.",
    "period": "O mês, AAAA-MM.",
    "survivor_id": "O id da pessoa que fica, com os dados das duas.",
}
# What a path takes; the longest of its kind, as the services bound it.
OF_PATH: dict[str, dict[str, Any]] = {
    "code": {"maximum": LARGEST_WHOLE},
    "external_id": {"maxLength": 100},
    "number": {"maximum": LARGEST_WHOLE},
    "period": {"pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])$"},
}
AN_ID = {"maxLength": ID_LENGTH}
SEVERAL = " Repita o parâmetro para mais de um."
IDENTIFIER = "O id do registro, como as respostas o dizem."


def of_path(name: str) -> str:
    return PATH.get(name, IDENTIFIER)


def bounds_of_path(name: str) -> dict[str, Any]:
    return OF_PATH.get(name, AN_ID)


def of_query(operation_id: str, parameter: dict[str, Any]) -> str:
    """Raises KeyError for a parameter without a description."""
    name: str = parameter["name"]
    words = OF_ONE.get(f"{operation_id} {name}") or QUERY[name]
    return words + (SEVERAL if parameter["schema"].get("type") == "array" else "")
