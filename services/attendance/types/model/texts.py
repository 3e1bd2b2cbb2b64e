"""Standard texts with variables (rows A4, A8): `{{pessoa}}` and its like are filled in when the text is used.

Pure: no store, no clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from services.chassis.errors import Invalid

VARIABLES = ("pessoa", "contato", "assunto", "referencia", "tipo", "centro", "usuario", "data", "hora")
# The longest filled text in characters, as an entry's: a text may name a variable thousands of times.
MOST_FILLED = 20_000
CUT = "\n[…] O texto continua: preenchido, passa de 20.000 caracteres e não cabe num parecer."
# Braces are excluded inside a mark: else a text of opening braces alone takes quadratic time.
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


def fill_or_cut(text: str, values: Mapping[str, str]) -> str:
    """As `fill`, for a list of texts to choose from: a text that is too long ends with CUT."""
    filled = _filled(text, values)
    return filled if len(filled) <= MOST_FILLED else filled[: MOST_FILLED - len(CUT)] + CUT


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _MARK.sub(lambda mark: values.get(mark.group(1).strip(), mark.group(0)), text)
