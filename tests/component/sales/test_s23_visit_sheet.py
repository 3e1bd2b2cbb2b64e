"""Row S23: a visit sheet in the layout chosen, printed or e-mailed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import documents, sold
from tests.support.builders.attendance import user
from tests.support.builders.documents import TEMPLATES
from tests.support.problems import refused
from tests.support.stack.system import Client, System


@pytest.fixture
def visited(ana: Client) -> dict[str, Any]:
    """An opportunity with something to do, on a customer with an address and a phone."""
    return documents.visited(ana)


def test_a_layout_is_chosen(ana: Client, visited: dict[str, Any]) -> None:
    short = documents.template(ana, "<p>Curta: {{ oportunidade.descricao }}</p>", kind="visit_sheet")
    long = documents.template(ana, "<p>Longa: {{ cliente.endereco }}</p>", kind="visit_sheet")
    offered = [one["id"] for one in ana.get(TEMPLATES, params={"kind": "visit_sheet"})["items"]]
    assert {"builtin-visit_sheet", short["id"], long["id"]} <= set(offered)
    for chosen, expected in ((short, "Curta: Forno novo"), (long, "Longa: Rua XV, Curitiba/PR")):
        assert expected in ana.request("GET", visited["path"], params={"template_id": chosen["id"]}).text
    ana.put(f"{TEMPLATES}/{long['id']}/default")
    assert "Longa:" in ana.request("GET", visited["path"]).text
    ana.put(f"{TEMPLATES}/builtin-visit_sheet/default")
    assert "Ficha de visita" in ana.request("GET", visited["path"]).text


def test_a_visit_sheet_knows_no_quote(ana: Client) -> None:
    body = {"kind": "visit_sheet", "name": "Errado", "subject": "x", "body": "{{ proposta.total }}"}
    problem = refused(ana.request("POST", TEMPLATES, json=body), 422, "template_variable_unknown")
    assert "proposta" in problem["detail"]
    assert "acoes[].texto" in {
        one["name"] for one in ana.get("/v1/document-variables", params={"kind": "visit_sheet"})["items"]
    }


def test_what_is_refused(system: System, ana: Client, visited: dict[str, Any]) -> None:
    refused(ana.request("GET", "/v1/opportunities/nenhuma/visit-sheet"), 404, "opportunity_not_found")
    refused(ana.request("POST", "/v1/opportunities/nenhuma/visit-sheet/send", json={}), 404, "opportunity_not_found")
    refused(ana.request("GET", visited["path"], params={"format": "docx"}), 422, "input_invalid")
    refused(ana.request("GET", visited["path"], params={"template_id": "nenhum"}), 404, "template_not_found")
    of_quotes = {"template_id": "builtin-quote"}
    refused(ana.request("GET", visited["path"], params=of_quotes), 422, "template_kind_wrong")
    send = f"{visited['path']}/send"
    refused(ana.request("POST", send, json={"to": ["estranho@x.example"]}), 422, "recipient_unknown")
    refused(user(system, "viewer").request("POST", send, json={}), 403, "permission_missing")
    silent = sold.opportunity(ana, ana.register("Sem e-mail")["id"])
    answer = ana.request("POST", f"/v1/opportunities/{silent['id']}/visit-sheet/send", json={})
    refused(answer, 409, "person_email_missing")
