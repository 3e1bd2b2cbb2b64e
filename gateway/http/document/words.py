"""The texts of the API document, in Portuguese: about the API, groups of operations, answers."""

from __future__ import annotations

import re
from typing import Any

from gateway.http.document import parameters
from gateway.http.document.answers import operations
from services.chassis.texts import fold

ABOUT = (
    "API do Vínculo, CRM para empresas brasileiras.\n\n"
    'Valores em dinheiro e outros decimais vão e voltam como texto (`"10.50"`); na ida, também como número. '
    "Datas são `AAAA-MM-DD`; momentos são ISO 8601 com fuso. Listas vêm em páginas: envie o `next_cursor` da resposta "
    "como `cursor`. Recusas são `application/problem+json` (RFC 9457): decida pelo `code`, mostre o `detail`.\n\n"
    "Os textos são em português do Brasil (`Content-Language: pt-BR`), diga `Accept-Language` o que disser."
)
ANSWERS = {"OK": "Feito", "Created": "Criado", "Accepted": "Aceito; será feito a seguir"}


def put_into(document: dict[str, Any]) -> None:
    """Changes the document in place: its tags get the blueprints' descriptions in place of their internal names."""
    document["info"]["description"] = ABOUT
    words = {tag["name"]: tag["description"] for tag in document["tags"]}
    document["tags"] = [{"name": _slug(text), "description": text} for text in dict.fromkeys(words.values())]
    for path in document["paths"].values():
        for parameter in path.get("parameters", ()):
            parameter["description"] = parameters.of_path(parameter["name"])
            parameter["schema"].update(parameters.bounds_of_path(parameter["name"]))
    for _, _, operation in operations(document):
        operation["tags"] = [_slug(words[name]) for name in operation["tags"]]
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "query" and "description" not in parameter:
                parameter["description"] = parameters.of_query(operation["operationId"], parameter)
        for answer in operation["responses"].values():
            if "description" in answer:
                answer["description"] = ANSWERS.get(answer["description"], answer["description"])


def _slug(text: str) -> str:
    """The text in ASCII letters, digits and dashes, as code generators need it: `uniao-de-cadastros`."""
    return "-".join(re.findall(r"[a-z0-9]+", fold(text)))
