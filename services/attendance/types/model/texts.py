"""Standard texts with variables (rows A4, A8): `{{pessoa}}` and its like are filled in when the text is used.

Pure: no store, no clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from services.chassis.errors import Invalid

VARIABLES = ("pessoa", "contato", "assunto", "referencia", "tipo", "centro", "usuario", "data", "hora")
# No brace inside: a text of opening ones alone would be searched to its end from each of them.
_MARK = re.compile(r"\{\{([^{}]*)\}\}")


def check_variables(text: str, field: str) -> None:
    """Raises Invalid("variable_unknown"), on `field`, for the first variable that is not one of VARIABLES."""
    unknown = next((name for mark in _MARK.findall(text) if (name := mark.strip()) not in VARIABLES), None)
    if unknown is not None:
        detail = f"A variável “{unknown}” não existe; use: {', '.join(VARIABLES)}."
        raise Invalid("variable_unknown", detail, fields={field: [detail]})


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with `values` in place of its variables; values are not searched for variables again."""
    return _MARK.sub(lambda mark: values.get(mark.group(1).strip(), mark.group(0)), text)
