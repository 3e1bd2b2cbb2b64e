"""Templates of e-mails: added, changed, deleted (row N5)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import command
from services.notifications.session import NotificationsSession
from services.notifications.templates import contract
from services.notifications.templates.model import MailTemplate, refuse_double, refuse_more

Data = dict[str, Any]


@command(
    takes=contract.AddMailTemplate, gives=contract.MailTemplate, needs="notifications.configure", section=CONFIGURATION
)  # fmt: skip
def add_mail_template(tx: NotificationsSession, data: Data) -> MailTemplate:
    """Raises NotFound: user_not_found, role_not_found; Conflict: mail_template_exists, mail_templates_full."""
    tx.members.require(data["user_ids"], data["role_ids"])
    tx.one_at_a_time("mail_templates")
    others = tx.mail_templates.all()
    refuse_more(others)
    refuse_double(data["name"], others)
    who: Data = {"updated_by": tx.actor.id, "updated_by_name": tx.actor.name}
    template = MailTemplate(id=tx.new_id(), updated_at=tx.now, **who, **data)
    tx.mail_templates.insert(template)
    return template


@command(
    takes=contract.ChangeMailTemplate,
    gives=contract.MailTemplate,
    needs="notifications.configure",
    section=CONFIGURATION,
)
def change_mail_template(tx: NotificationsSession, data: Data) -> MailTemplate:
    """Raises NotFound: mail_template_not_found, user_not_found, role_not_found; Conflict("mail_template_exists"),
    ConcurrentUpdate."""
    template = tx.mail_templates.get(data.pop("template_id"))
    tx.members.require(data.get("user_ids", ()), data.get("role_ids", ()))
    if "name" in data:
        tx.one_at_a_time("mail_templates")
        refuse_double(data["name"], [one for one in tx.mail_templates.all() if one.id != template.id])
    for name, value in data.items():
        setattr(template, name, value)
    template.updated_by, template.updated_by_name, template.updated_at = tx.actor.id, tx.actor.name, tx.now
    tx.mail_templates.save(template)
    return template


@command(
    takes=contract.DeleteMailTemplate,
    gives=contract.DeletedMailTemplate,
    needs="notifications.configure",
    section=CONFIGURATION,
)
def delete_mail_template(tx: NotificationsSession, data: Data) -> Data:
    """Raises NotFound("mail_template_not_found")."""
    template = tx.mail_templates.get(data["template_id"])
    tx.mail_templates.delete(template.id)
    return {"id": template.id}
