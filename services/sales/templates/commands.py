"""Adding, changing, deleting and choosing the company's templates (rows S12, S23)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import command
from services.sales.session import SalesSession
from services.sales.templates import contract
from services.sales.templates.model import DefaultTemplates, Template, refuse_double, refuse_more
from services.sales.templates.presenting import present_template

Data = dict[str, Any]


@command(takes=contract.AddTemplate, gives=contract.Template, needs="sales.configure", section=CONFIGURATION)
def add_template(tx: SalesSession, data: Data) -> Data:
    """Raises Conflict("template_exists") or Conflict("templates_full")."""
    others = tx.templates.of_kind(data["kind"])
    refuse_more(others)
    refuse_double(data["name"], others)
    actor = tx.actor
    template = Template(id=tx.new_id(), updated_at=tx.now, updated_by=actor.name, updated_by_id=actor.id, **data)
    tx.templates.add(template)
    return present_template(template, _one_at_a_time(tx))


@command(takes=contract.ChangeTemplate, gives=contract.Template, needs="sales.configure", section=CONFIGURATION)
def change_template(tx: SalesSession, data: Data) -> Data:
    """Raises NotFound("template_not_found"), Conflict("template_built_in", "template_exists", "version_changed")."""
    template = tx.templates.get(data.pop("template_id"))
    seen = data.pop("version")
    if "name" in data:
        refuse_double(data["name"], [one for one in tx.templates.of_kind(template.kind) if one.id != template.id])
    template.change(tx.actor.name, tx.now, seen, tx.actor.id, **data)
    tx.templates.save(template)
    return present_template(template, _one_at_a_time(tx))


@command(takes=contract.OneTemplate, gives=contract.DeletedTemplate, needs="sales.configure", section=CONFIGURATION)
def delete_template(tx: SalesSession, data: Data) -> Data:
    """Deletes the template; if it was the default of its kind, the built-in one becomes the default.

    Raises Conflict("template_built_in").
    """
    template = tx.templates.get(data["template_id"])
    template.refuse_built_in()
    defaults = tx.configuration.default_templates()
    defaults.forget(template)
    tx.configuration.save(defaults)  # also unchanged: choosing it at the same moment conflicts
    tx.templates.delete(template)
    return {"id": template.id}


@command(takes=contract.OneTemplate, gives=contract.Template, needs="sales.configure", section=CONFIGURATION)
def choose_template(tx: SalesSession, data: Data) -> Data:
    """Makes the template the default of its kind; raises NotFound("template_not_found")."""
    template = tx.templates.get(data["template_id"])
    defaults = tx.configuration.default_templates()
    defaults.choose(template)
    tx.configuration.save(defaults)
    return present_template(template, defaults)


def _one_at_a_time(tx: SalesSession) -> DefaultTemplates:
    """Saves the defaults unchanged, so that two transactions that take one name conflict, and one is retried."""
    defaults = tx.configuration.default_templates()
    tx.configuration.save(defaults)
    return defaults
