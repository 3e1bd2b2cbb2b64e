"""Reading templates of e-mails (row N5): those that were granted to who asks, or all for who configures."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.errors import NotFound
from services.chassis.handling.entrypoints import query
from services.notifications.session import NotificationsSession
from services.notifications.templates import contract
from services.notifications.templates.model import MailTemplate

Data = dict[str, Any]
CONFIGURE = "notifications.configure"


@query(
    takes=contract.ListMailTemplates, gives=contract.MailTemplateList, needs="notifications.read",
    section=CONFIGURATION,
)  # fmt: skip
def list_mail_templates(session: NotificationsSession, data: Data) -> Data:
    """By name. `all` counts for who configures only."""
    found = session.mail_templates.all()
    if not (data["all"] and session.actor.holds(CONFIGURE)):
        roles = session.members.roles_of(session.actor.id)
        found = [one for one in found if one.granted_to(session.actor.id, roles)]
    return {"items": found}


@query(
    takes=contract.GetMailTemplate, gives=contract.MailTemplate, needs="notifications.read", section=CONFIGURATION
)  # fmt: skip
def get_mail_template(session: NotificationsSession, data: Data) -> MailTemplate:
    """Raises NotFound("mail_template_not_found"), also for one that was not granted to who asks."""
    template = session.mail_templates.get(data["template_id"])
    granted = template.granted_to(session.actor.id, session.members.roles_of(session.actor.id))
    if not granted and not session.actor.holds(CONFIGURE):
        raise NotFound("mail_template_not_found", "Modelo de e-mail não encontrado.")
    return template
