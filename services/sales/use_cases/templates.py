"""The company's templates of quotes and visit sheets (rows S12, S23).

The gateway has rendered a template with sample values before it is kept here (docs/adr/0016).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.chassis.entrypoints import command, query
from services.chassis.sections import CONFIGURATION
from services.sales import contract
from services.sales.domain.templates import (
    TEMPLATE_KINDS,
    DefaultTemplates,
    Template,
    built_in,
    refuse_double,
    refuse_more,
)
from services.sales.store import SalesSession

Data = dict[str, Any]


@command(takes=contract.AddTemplate, gives=contract.Template, needs="sales.configure", section=CONFIGURATION)
def add_template(tx: SalesSession, data: Data) -> Data:
    """Raises Conflict("template_exists") or Conflict("templates_full")."""
    others = tx.templates.of_kind(data["kind"])
    refuse_more(others)
    refuse_double(data["name"], others)
    template = Template(id=tx.new_id(), updated_by=tx.actor.name, updated_at=tx.now, **data)
    tx.templates.add(template)
    return shown_template(template, _one_after_another(tx))


@command(takes=contract.ChangeTemplate, gives=contract.Template, needs="sales.configure", section=CONFIGURATION)
def change_template(tx: SalesSession, data: Data) -> Data:
    """Raises NotFound("template_not_found"), Conflict("template_built_in", "template_exists", "version_changed")."""
    template = tx.templates.get(data.pop("template_id"))
    seen = data.pop("version")
    if "name" in data:
        refuse_double(data["name"], [one for one in tx.templates.of_kind(template.kind) if one.id != template.id])
    template.change(tx.actor.name, tx.now, seen, **data)
    tx.templates.save(template)
    return shown_template(template, _one_after_another(tx))


@command(takes=contract.OneTemplate, gives=contract.DeletedTemplate, needs="sales.configure", section=CONFIGURATION)
def delete_template(tx: SalesSession, data: Data) -> Data:
    """Where it was the company's choice, the built-in one is from now on. Raises Conflict("template_built_in")."""
    template = tx.templates.get(data["template_id"])
    template.refuse_built_in()
    defaults = tx.configuration.default_templates()
    defaults.forget(template)
    tx.configuration.save(defaults)  # changed or not: somebody may be choosing it
    tx.templates.delete(template)
    return {"id": template.id}


@command(takes=contract.OneTemplate, gives=contract.Template, needs="sales.configure", section=CONFIGURATION)
def choose_template(tx: SalesSession, data: Data) -> Data:
    """Of its kind, taken where nobody names one; raises NotFound("template_not_found")."""
    template = tx.templates.get(data["template_id"])
    defaults = tx.configuration.default_templates()
    defaults.choose(template)
    tx.configuration.save(defaults)
    return shown_template(template, defaults)


@query(takes=contract.OneTemplate, gives=contract.Template, needs="sales.read", section=CONFIGURATION)
def get_template(session: SalesSession, data: Data) -> Data:
    """Raises NotFound("template_not_found")."""
    return shown_template(session.templates.get(data["template_id"]), session.configuration.default_templates())


@query(takes=contract.ListTemplates, gives=contract.TemplateList, needs="sales.read", section=CONFIGURATION)
def list_templates(session: SalesSession, data: Data) -> Data:
    """By kind and name, the built-in one of a kind first."""
    defaults = session.configuration.default_templates()
    kinds = [data["kind"]] if data["kind"] else TEMPLATE_KINDS
    found = [one for kind in kinds for one in (built_in(kind), *sorted(session.templates.of_kind(kind), key=_by_name))]
    return {"items": [shown_template(template, defaults) for template in found]}


def _one_after_another(tx: SalesSession) -> DefaultTemplates:
    """Saved unchanged, so that of two who take the same name at once one is run again, and is refused."""
    defaults = tx.configuration.default_templates()
    tx.configuration.save(defaults)
    return defaults


def _by_name(template: Template) -> str:
    return template.name.casefold()


def shown_template(template: Template, defaults: DefaultTemplates) -> Data:
    chosen = defaults.of(template.kind) == template.id
    return {**asdict(template), "default": chosen, "built_in": template.built_in}
