"""Mailings: written, gathered, sent, paused, cancelled, copied; opting out (row N6)."""

from __future__ import annotations

from typing import Any

from services.chassis.access import sections
from services.chassis.access.visibility import ATTENDANCE_TYPE, FLOW
from services.chassis.handling.entrypoints import command
from services.notifications import events
from services.notifications.mailings import contract
from services.notifications.mailings.model import EMAIL, PURPOSES, Mailing, Recipient
from services.notifications.mailings.opt_out_links import mailing_of_link
from services.notifications.mailings.presenting import opt_out_page
from services.notifications.mailings.repository import DAYS, Addressee
from services.notifications.mailings.sections import ATTENDANCES, MAILING
from services.notifications.mailings.writing import refuse_unknown
from services.notifications.session import NotificationsSession

Data = dict[str, Any]
CONFIGURE = "notifications.configure"
SOURCES = {"page": "página de descadastro", "one_click": "descadastro em um clique"}


@command(takes=contract.CreateMailing, gives=contract.Mailing, needs=CONFIGURE, section=MAILING)
def create_mailing(tx: NotificationsSession, data: Data) -> Mailing:
    """A draft. Raises Invalid("mailing_variable_unknown"), NotFound("mail_template_not_found"), Forbidden:
    section_hidden, scope_narrowed."""
    _refuse_hidden_contacts(tx, data["filter"])
    _take_template(tx, data)
    refuse_unknown(data["subject"], f"{data['header']}\n{data['text']}")
    data["purpose"] = data["purpose"] or PURPOSES[data["kind"]]
    who: Data = {"created_by": tx.actor.id, "created_by_name": tx.actor.name, "created_at": tx.now}
    mailing = Mailing(id=tx.new_id(), updated_at=tx.now, **who, **data)
    tx.mailings.insert(mailing)
    return mailing


def _refuse_hidden_contacts(tx: NotificationsSession, chosen: Data) -> None:
    """Contacts are those of all types and flows: raises Forbidden for who sees a part of them, or none."""
    if any(chosen.get(name) for name in DAYS):
        sections.refuse(tx.actor.sight, ATTENDANCES, (ATTENDANCE_TYPE, FLOW))


def _take_template(tx: NotificationsSession, data: Data) -> None:
    """Copies what is not given; raises NotFound("mail_template_not_found"), also of one that is not for the user."""
    template_id = data.pop("template_id")
    if template_id is None:
        return
    template = tx.mail_templates.get(template_id)
    data["subject"], data["text"] = data["subject"] or template.subject, data["text"] or template.text


@command(takes=contract.ChangeMailing, gives=contract.Mailing, needs=CONFIGURE, section=MAILING)
def change_mailing(tx: NotificationsSession, data: Data) -> Mailing:
    """Raises NotFound("mailing_not_found"), Conflict("mailing_not_draft"), Invalid("mailing_variable_unknown"),
    Forbidden: section_hidden, scope_narrowed."""
    _refuse_hidden_contacts(tx, data.get("filter", {}))
    mailing = tx.mailings.get(data.pop("mailing_id"))
    mailing.change(data, tx.now)
    refuse_unknown(mailing.subject, f"{mailing.header}\n{mailing.text}")
    tx.mailings.save(mailing)
    return mailing


@command(takes=contract.OfMailing, gives=contract.Mailing, needs=CONFIGURE, section=MAILING)
def gather_mailing(tx: NotificationsSession, data: Data) -> Mailing:
    """People finds who the actor may see (ADR 0048). Raises NotFound("mailing_not_found"),
    Conflict("mailing_not_draft")."""
    mailing = tx.mailings.get(data["mailing_id"])
    gathering_id = tx.new_id()
    mailing.gather(gathering_id)
    tx.mailings.save(mailing)
    asked = {"purpose": mailing.purpose, "filter": mailing.filter}
    tx.publish(
        events.MAILING_GATHERING_STARTED, gathering_id, 1, gathering_id=gathering_id, mailing_id=mailing.id, **asked
    )
    return mailing


@command(takes=contract.StartMailing, gives=contract.Mailing, needs=CONFIGURE, section=MAILING)
def start_mailing(tx: NotificationsSession, data: Data) -> Mailing:
    """Raises NotFound("mailing_not_found"), Conflict: mailing_not_ready, mailing_nobody."""
    mailing = tx.mailings.get(data["mailing_id"])
    mailing.start(data["link_base"], tx.now)
    tx.mailings.save(mailing)
    return mailing


@command(takes=contract.OfMailing, gives=contract.Mailing, needs=CONFIGURE, section=MAILING)
def pause_mailing(tx: NotificationsSession, data: Data) -> Mailing:
    """Raises NotFound("mailing_not_found"), Conflict("mailing_not_sending")."""
    mailing = tx.mailings.get(data["mailing_id"])
    mailing.pause()
    tx.mailings.save(mailing)
    return mailing


@command(takes=contract.OfMailing, gives=contract.Mailing, needs=CONFIGURE, section=MAILING)
def resume_mailing(tx: NotificationsSession, data: Data) -> Mailing:
    """Raises NotFound("mailing_not_found"), Conflict("mailing_not_paused")."""
    mailing = tx.mailings.get(data["mailing_id"])
    mailing.resume(tx.now)
    tx.mailings.save(mailing)
    return mailing


@command(takes=contract.OfMailing, gives=contract.Mailing, needs=CONFIGURE, section=MAILING)
def cancel_mailing(tx: NotificationsSession, data: Data) -> Mailing:
    """For good. Raises NotFound("mailing_not_found"), Conflict("mailing_over")."""
    mailing = tx.mailings.get(data["mailing_id"])
    mailing.cancel(tx.now)
    tx.mailings.save(mailing)
    return mailing


@command(takes=contract.OfMailing, gives=contract.Mailing, needs=CONFIGURE, section=MAILING)
def copy_mailing(tx: NotificationsSession, data: Data) -> Mailing:
    """A new draft of any mailing. Raises NotFound("mailing_not_found")."""
    mailing = tx.mailings.get(data["mailing_id"])
    copy = mailing.copy(tx.new_id(), (tx.actor.id, tx.actor.name), tx.now)
    tx.mailings.insert(copy)
    return copy


@command(takes=contract.OptOut, gives=contract.OptOutPage, needs="mailing_link.answer", section=MAILING)
def opt_out(tx: NotificationsSession, data: Data) -> Data:
    """At once, for mails in line, too; people keeps it as a withdrawn consent. Again, it changes nothing.

    Raises NotFound("opt_out_not_found").
    """
    mailing, recipient = mailing_of_link(tx, data)
    addressee = Addressee(recipient.person_id, mailing.purpose, recipient.email or "")
    if tx.opt_outs.add(addressee, tx.now):
        tx.publish(
            events.RECIPIENT_OPTED_OUT,
            recipient.id,
            1,
            person_id=recipient.person_id,
            purpose=mailing.purpose,
            channel=EMAIL,
            source=SOURCES[data["source"]],
            evidence=_evidence(mailing, recipient, data),
            at=tx.now,
        )
    return opt_out_page(mailing, recipient, True)


def _evidence(mailing: Mailing, recipient: Recipient, data: Data) -> str:
    """What people keeps of it: which mail was answered, from where."""
    told = f"Mala direta {mailing.id}, destinatário {recipient.id}; rede {data['network'] or '?'}; {data['user_agent']}"
    return told[:500]
