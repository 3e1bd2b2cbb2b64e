"""The text of a mailing for one recipient: its variables filled in, and nothing else (row N6, ADR 0049).

No template language: ten thousand mails are written here, and Jinja is the gateway's, in a process of its own (ADR
0016). Pure.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from services.chassis.errors import Invalid
from services.notifications.deliveries.model import Delivery, delivery_id, email
from services.notifications.mailings.model import PURPOSE_WORDS, Mailing, Recipient

# By name: what it says, and an example. The names are those of templates of e-mails (gateway/documents/mails.py).
VARIABLES = {
    "cliente.nome": ("Nome ou razão social", "Confeitaria Flor & Filhos"),
    "cliente.codigo": ("Código do cadastro", "42"),
    "cliente.cidade": ("Cidade do endereço principal; vazio sem endereço", "Belo Horizonte"),
    "empresa.nome": ("Empresa responsável", "Padaria Modelo"),
    "usuario.nome": ("Quem criou a mala direta", "Ana Souza"),
    "hoje": ("Data do início do envio", "05/03/2031"),
}
PLACE = re.compile(r"\{\{\s*([a-z_]+(?:\.[a-z_]+)*)\s*\}\}")
# What a template language would take for its own.
SIGNS = ("{{", "}}", "{%", "{#")


def refuse_unknown(subject: str, text: str) -> None:
    """Raises Invalid("mailing_variable_unknown") for other variables than the listed ones, for conditions and loops."""
    for name, written in (("subject", subject), ("text", text)):
        unknown = sorted({one for one in PLACE.findall(written) if one not in VARIABLES})
        rest = PLACE.sub("", written)
        if unknown or any(sign in rest for sign in SIGNS):
            shown = f" ({', '.join(unknown)})" if unknown else ""
            detail = f"Numa mala direta só valem as variáveis listadas, sem condições nem repetições{shown}."
            raise Invalid("mailing_variable_unknown", detail, fields={name: [detail]}, variables=unknown)


def fill(written: str, values: Mapping[str, str]) -> str:
    """The text with its variables replaced; values are not searched for variables."""
    return PLACE.sub(lambda place: values.get(place[1], ""), written)


def values_of(mailing: Mailing, recipient: Recipient, today: str) -> dict[str, str]:
    return {
        "cliente.nome": recipient.name,
        "cliente.codigo": str(recipient.code),
        "cliente.cidade": (recipient.address or {}).get("city", ""),
        "empresa.nome": mailing.responsible,
        "usuario.nome": mailing.created_by_name,
        "hoje": today,
    }


def subject_and_text(mailing: Mailing, values: Mapping[str, str]) -> tuple[str, str]:
    """Subject and text, with the header text above."""
    parts = (fill(mailing.header, values), fill(mailing.text, values))
    return fill(mailing.subject, values), "\n\n".join(part for part in parts if part)


def delivery_for(mailing: Mailing, company: str, recipient: Recipient, today: str, now: dt.datetime) -> Delivery:
    """The mail to a recipient with an e-mail. Its id follows from mailing and address: nobody gets a second one."""
    subject, text = subject_and_text(mailing, values_of(mailing, recipient, today))
    about = {"person_id": recipient.person_id, "attendance_id": None}
    mail = email(delivery_id(mailing.id, recipient.email or ""), about, recipient.email or "", subject, text, now)
    mail.mailing_id = mailing.id
    mail.opt_out_url = f"{mailing.link_base}/u/{mailing.token(company, recipient.id)}"
    mail.footer = footer(mailing, mail.opt_out_url)
    return mail


def footer(mailing: Mailing, link: str) -> str:
    """The footer of each mail: who sends it, and the link to opt out."""
    purpose = PURPOSE_WORDS.get(mailing.purpose, mailing.purpose)
    return (
        f"Este e-mail de {purpose} foi enviado por {mailing.responsible}\n"
        f"Para não receber mais mensagens como esta: {link}"
    )
