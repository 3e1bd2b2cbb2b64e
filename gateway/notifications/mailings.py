"""Mailings to many customers (row N6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Response

from gateway.http import auth
from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.downloads import as_download
from gateway.http.public_url import public_url
from gateway.http.requests import bus, send_command, send_query
from gateway.notifications.filter_names import with_names
from gateway.notifications.printable import printable
from services.chassis.errors import Conflict, Invalid
from services.chassis.inputs import Cursor
from services.chassis.schemas import Strict
from services.notifications.mailings import contract

blp = JsonBlueprint("mailings", __name__, url_prefix="/v1/mailings", description="Malas diretas")

ONE = "/<string:mailing_id>"
# For asking for all letters of one PDF.
PRINT_SECONDS = 20.0
VARIABLES = (
    "Num texto valem `{{ cliente.nome }}`, `{{ cliente.codigo }}`, `{{ cliente.cidade }}`, `{{ empresa.nome }}`, "
    "`{{ usuario.nome }}` e `{{ hoje }}`, sem condições nem repetições."
)


class LettersQuery(Strict):
    """`next`: the cursor in the `Link` header of the PDF before."""

    next = Cursor()


def _refuse_unknown_purpose(data: Mapping[str, Any]) -> None:
    """Raises Invalid("purpose_unknown"), since nobody could have consented to it."""
    if not data.get("purpose"):
        return
    known = send_query("people", "list_consent_purposes", {})["items"]
    if data["purpose"] not in {one["code"] for one in known}:
        detail = "Finalidade desconhecida; cadastre-a primeiro."
        raise Invalid("purpose_unknown", detail, fields={"purpose": [detail]})


@blp.get("")
@blp.summary("Lista as malas diretas", "As mais novas primeiro, com quantos destinatários há em cada situação.")
@needs("notifications.read")
@blp.arguments(contract.ListMailings, location="query")
@blp.response(200, contract.MailingPage)
@refuses(blp)
def list_mailings(data: dict[str, Any]) -> Any:
    return with_names(send_query("notifications", "list_mailings", data))


@blp.post("")
@blp.summary(
    "Cria uma mala direta", f"Um rascunho: folder, carta pós-venda, boletim, aviso de reajuste ou livre. {VARIABLES}"
)
@needs("notifications.configure")
@blp.arguments(contract.CreateMailing)
@blp.response(201, contract.Mailing, at="/v1/mailings/{id}")
@refuses(blp, 404)
def create_mailing(data: dict[str, Any]) -> Any:
    """The responsible company is the user's own, unless another one is named."""
    _refuse_unknown_purpose(data)
    if data["template_id"]:  # one that was granted to the user
        send_query("notifications", "get_mail_template", {"template_id": data["template_id"]})
    if not data["responsible"]:
        data["responsible"] = send_query("people", "get_company", {})["name"]
    return with_names(send_command("notifications", "create_mailing", contract.CreateMailing, data))


@blp.get(ONE)
@blp.summary("Lê uma mala direta", "Com a situação e quantos destinatários há em cada resultado.")
@needs("notifications.read")
@blp.response(200, contract.Mailing)
@refuses(blp, 404)
def get_mailing(mailing_id: str) -> Any:
    return with_names(send_query("notifications", "get_mailing", {"mailing_id": mailing_id}))


@blp.patch(ONE)
@blp.summary("Altera uma mala direta", "Só um rascunho; só o que é enviado muda.")
@needs("notifications.configure")
@blp.arguments(contract.ChangeMailing(exclude=("mailing_id",)))
@blp.response(200, contract.Mailing)
@refuses(blp, 404, 409, 412)
def change_mailing(data: dict[str, Any], mailing_id: str) -> Any:
    _refuse_unknown_purpose(data)
    return with_names(
        send_command("notifications", "change_mailing", contract.ChangeMailing, data, mailing_id=mailing_id)
    )


@blp.get(f"{ONE}/preview")
@blp.summary("Mostra a prévia do texto de uma mala direta", "Com valores de exemplo.")
@needs("notifications.read")
@blp.response(200, contract.PreviewedMailing)
@refuses(blp, 404)
def get_mailing_preview(mailing_id: str) -> Any:
    return send_query("notifications", "get_mailing_preview", {"mailing_id": mailing_id})


@blp.get(f"{ONE}/recipients")
@blp.summary(
    "Lista os destinatários de uma mala direta",
    "Na ordem escolhida. Antes do envio: quem receberia, por qual canal, e quem não e por quê; depois, o resultado.",
)
@needs("notifications.read")
@blp.arguments(contract.ListRecipients(exclude=("mailing_id",)), location="query")
@blp.response(200, contract.RecipientPage)
@refuses(blp, 404)
def list_mailing_recipients(data: dict[str, Any], mailing_id: str) -> Any:
    """Row N8 for mailings: reading it sends nothing."""
    return send_query("notifications", "list_mailing_recipients", {**data, "mailing_id": mailing_id})


@blp.get(f"{ONE}/letters.pdf")
@blp.summary(
    "Imprime as cartas de uma mala direta",
    "Um PDF para quem não tem e-mail, na ordem escolhida. Acima de 500 cartas (menos, se são longas), `Link` com "
    "`rel=next` leva às próximas.",
)
@needs("notifications.configure")
@blp.arguments(LettersQuery, location="query")
@blp.file("O PDF", "application/pdf")
@refuses(blp, 404, 409)
def print_mailing_letters(data: dict[str, Any], mailing_id: str) -> Response:
    """Raises Conflict("mailing_letters_none")."""
    context = auth.context(PRINT_SECONDS)

    def ask(following: str | None, limit: int) -> Any:
        asked = {"mailing_id": mailing_id, "cursor": following, "limit": limit}
        return bus().call("notifications", "list_mailing_letters", asked, context)

    page = printable(ask, data["next"])
    letters, cursor = page["items"], page["next_cursor"]
    if not letters:
        raise Conflict("mailing_letters_none", "Ninguém desta mala direta recebe carta.")
    from gateway.notifications.letters import as_pdf  # 20 MB in each worker, most of which print nothing

    answer = as_download(as_pdf(letters, page["responsible"], page["printed_on"]), "cartas.pdf", "application/pdf")
    if cursor:
        following = quote(cursor, safe="")
        answer.headers["Link"] = f'</v1/mailings/{mailing_id}/letters.pdf?next={following}>; rel="next"'
    return answer


@blp.post(f"{ONE}/gather")
@blp.summary(
    "Reúne os destinatários",
    "As pessoas que o filtro encontra e quem pede pode ver; pronta quando `state` for `ready`. Nada é enviado.",
)
@needs("notifications.configure")
@blp.response(202, contract.Mailing)
@refuses(blp, 404, 409, 412)
def gather_mailing(mailing_id: str) -> Any:
    return with_names(send_command("notifications", "gather_mailing", contract.OfMailing, {}, mailing_id=mailing_id))


@blp.post(f"{ONE}/start")
@blp.summary("Inicia o envio", "Um e-mail por endereço, na ordem escolhida, sem atrasar os e-mails avulsos.")
@needs("notifications.configure")
@blp.response(202, contract.Mailing)
@refuses(blp, 404, 409, 412)
def start_mailing(mailing_id: str) -> Any:
    path = {"mailing_id": mailing_id, "link_base": public_url()}
    return with_names(send_command("notifications", "start_mailing", contract.StartMailing, {}, **path))


@blp.post(f"{ONE}/pause")
@blp.summary("Pausa o envio", "Vale também para os que seriam tentados de novo.")
@needs("notifications.configure")
@blp.response(200, contract.Mailing)
@refuses(blp, 404, 409, 412)
def pause_mailing(mailing_id: str) -> Any:
    return with_names(send_command("notifications", "pause_mailing", contract.OfMailing, {}, mailing_id=mailing_id))


@blp.post(f"{ONE}/resume")
@blp.summary("Retoma o envio", "De onde parou.")
@needs("notifications.configure")
@blp.response(202, contract.Mailing)
@refuses(blp, 404, 409, 412)
def resume_mailing(mailing_id: str) -> Any:
    return with_names(send_command("notifications", "resume_mailing", contract.OfMailing, {}, mailing_id=mailing_id))


@blp.post(f"{ONE}/cancel")
@blp.summary("Cancela uma mala direta", "De vez: o que não foi enviado não será.")
@needs("notifications.configure")
@blp.response(200, contract.Mailing)
@refuses(blp, 404, 409, 412)
def cancel_mailing(mailing_id: str) -> Any:
    return with_names(send_command("notifications", "cancel_mailing", contract.OfMailing, {}, mailing_id=mailing_id))


@blp.post(f"{ONE}/duplicate")
@blp.summary("Duplica uma mala direta", "Um novo rascunho com o mesmo texto e o mesmo filtro.")
@needs("notifications.configure")
@blp.response(201, contract.Mailing, at="/v1/mailings/{id}")
@refuses(blp, 404, 412)
def duplicate_mailing(mailing_id: str) -> Any:
    return with_names(send_command("notifications", "copy_mailing", contract.OfMailing, {}, mailing_id=mailing_id))
