"""The company's templates, read (rows S12, S23)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import query
from services.sales.session import SalesSession
from services.sales.templates import contract
from services.sales.templates.model import TEMPLATE_KINDS, Template, built_in
from services.sales.templates.presenting import present_template

Data = dict[str, Any]


@query(takes=contract.OneTemplate, gives=contract.Template, needs="sales.read", section=CONFIGURATION)
def get_template(session: SalesSession, data: Data) -> Data:
    """Raises NotFound("template_not_found")."""
    return present_template(session.templates.get(data["template_id"]), session.configuration.default_templates())


@query(takes=contract.ListTemplates, gives=contract.TemplateList, needs="sales.read", section=CONFIGURATION)
def list_templates(session: SalesSession, data: Data) -> Data:
    """By kind and name, the built-in one of a kind first."""
    defaults = session.configuration.default_templates()
    kinds = [data["kind"]] if data["kind"] else TEMPLATE_KINDS
    found = [one for kind in kinds for one in (built_in(kind), *sorted(session.templates.of_kind(kind), key=_by_name))]
    return {"items": [present_template(template, defaults) for template in found]}


def _by_name(template: Template) -> str:
    return template.name.casefold()
