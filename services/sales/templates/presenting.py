"""A template as it is answered."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.sales.templates.model import DefaultTemplates, Template

Data = dict[str, Any]


def present_template(template: Template, defaults: DefaultTemplates) -> Data:
    chosen = defaults.of(template.kind) == template.id
    return {**asdict(template), "default": chosen, "built_in": template.built_in}
