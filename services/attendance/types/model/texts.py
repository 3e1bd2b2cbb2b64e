"""Standard texts with variables (rows A4, A8): `{{pessoa}}` and its like are filled in when the text is used.

Pure: no store, no clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from services.chassis.errors import Invalid

VARIABLES = ("pessoa", "contato", "assunto", "referencia", "tipo", "centro", "usuario", "data", "hora")
# No brace inside: a text of opening ones alone would be searched to its end from each of them.
# Characters of a filled text: as many as an entry may have. A variable may be named by the thousand.
MOST_FILLED = 20_000
CUT = "\n[…] O texto continua: preenchido, passa de 20.000 caracteres e não cabe num parecer."
_MARK = re.compile(r"\{\{([^{}]*)\}\}")


def check_variables(text: str, field: str) -> None:
    """Raises Invalid("variable_unknown"), on `field`, for the first variable that is not one of VARIABLES."""
    unknown = next((name for mark in _MARK.findall(text) if (name := mark.strip()) not in VARIABLES), None)
    if unknown is not None:
        detail = f"A variável “{unknown}” não existe; use: {', '.join(VARIABLES)}."
        raise Invalid("variable_unknown", detail, fields={field: [detail]})


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with `values` in place of its variables; values are not searched for variables again.

    Raises Invalid("standard_text_too_long").
    """
    filled = _filled(text, values)
    if len(filled) > MOST_FILLED:
        detail = f"Preenchido, o texto padrão passa de {MOST_FILLED:_} caracteres.".replace("_", ".")
        raise Invalid("standard_text_too_long", detail, fields={"standard_text_id": [detail]})
    return filled


def shown(text: str, values: Mapping[str, str]) -> str:
    """The same, to be chosen from: one that is too long is cut, and says so."""
    filled = _filled(text, values)
    return filled if len(filled) <= MOST_FILLED else filled[: MOST_FILLED - len(CUT)] + CUT


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _MARK.sub(lambda mark: values.get(mark.group(1).strip(), mark.group(0)), text)
