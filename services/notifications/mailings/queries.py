"""Reading mailings, their recipients and letters; what a link opens (row N6)."""

from __future__ import annotations

from typing import Any

from services.chassis.handling.entrypoints import query
from services.notifications.mailings import contract
from services.notifications.mailings.model import LETTER, Mailing, Recipient
from services.notifications.mailings.opt_out_links import mailing_of_link
from services.notifications.mailings.presenting import opt_out_page, present_recipient
from services.notifications.mailings.repository import Addressee
from services.notifications.mailings.sections import MAILING
from services.notifications.mailings.writing import VARIABLES, subject_and_text, values_of
from services.notifications.session import NotificationsSession

Data = dict[str, Any]
READ = "notifications.read"


@query(takes=contract.ListMailings, gives=contract.MailingPage, needs=READ, section=MAILING)
def list_mailings(session: NotificationsSession, data: Data) -> Data:
    """Newest first. Raises Invalid("cursor_invalid")."""
    return session.mailings.recent(**data)


@query(takes=contract.OfMailing, gives=contract.Mailing, needs=READ, section=MAILING)
def get_mailing(session: NotificationsSession, data: Data) -> Mailing:
    """Raises NotFound("mailing_not_found")."""
    return session.mailings.get(data["mailing_id"])


@query(takes=contract.ListRecipients, gives=contract.RecipientPage, needs=READ, section=MAILING)
def list_mailing_recipients(session: NotificationsSession, data: Data) -> Data:
    """In the mailing's order, those whom the user may see: before the start who would receive it, and who not and why
    (row N8); afterwards what became of each. Raises NotFound("mailing_not_found"), Invalid("cursor_invalid")."""
    session.mailings.get(data["mailing_id"])
    page = session.mailing_recipients.page(**data)
    return {**page, "items": [present_recipient(one) for one in page["items"]]}


@query(takes=contract.OfMailing, gives=contract.PreviewedMailing, needs=READ, section=MAILING)
def get_mailing_preview(session: NotificationsSession, data: Data) -> Data:
    """Raises NotFound("mailing_not_found")."""
    mailing = session.mailings.get(data["mailing_id"])
    values = {name: example for name, (_, example) in VARIABLES.items()}
    own = {"empresa.nome": mailing.responsible, "usuario.nome": mailing.created_by_name}
    subject, text = subject_and_text(mailing, {**values, **own})
    return {"subject": subject, "text": text}


@query(
    takes=contract.ListLetters, gives=contract.MailingLetters, needs="notifications.configure", section="addresses"
)  # fmt: skip
def list_mailing_letters(session: NotificationsSession, data: Data) -> Data:
    """For those without e-mail, in the mailing's order. Raises NotFound("mailing_not_found"),
    Invalid("cursor_invalid")."""
    mailing = session.mailings.get(data["mailing_id"])
    page = session.mailing_recipients.page(**data, outcome=LETTER)
    today = session.zone.today(mailing.started_at or session.now).strftime("%d/%m/%Y")
    letters = [_letter(mailing, one, today) for one in page["items"] if one.address]  # else erased meanwhile
    return {**page, "items": letters, "responsible": mailing.responsible, "printed_on": today}


def _letter(mailing: Mailing, recipient: Recipient, today: str) -> Data:
    subject, text = subject_and_text(mailing, values_of(mailing, recipient, today))
    return {"name": recipient.name, "address": recipient.address, "subject": subject, "text": text}


@query(takes=contract.OpenOptOut, gives=contract.OptOutPage, needs="mailing_link.read", section=MAILING)
def get_opt_out(session: NotificationsSession, data: Data) -> Data:
    """What the page shows; it changes nothing. Raises NotFound("opt_out_not_found")."""
    mailing, recipient = mailing_of_link(session, data)
    addressee = Addressee(recipient.person_id, mailing.purpose, recipient.email or "")
    return opt_out_page(mailing, recipient, session.opt_outs.has(addressee))
