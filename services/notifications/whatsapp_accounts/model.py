"""A company's WhatsApp number at the Cloud API, and the message templates that WhatsApp has approved for it (row N4).

Pure. The secrets are kept sealed (chassis/access/sealing.py) and never account_data.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.chassis import texts
from services.chassis.errors import Invalid

WHATSAPP = "whatsapp"
SECRETS = ("access_token", "app_secret", "verify_token")
# What the number may send in a minute unless the company says otherwise; WhatsApp itself takes 80 a second.
PER_MINUTE = 600
APPROVED = "APPROVED"
# Of a template's name and language together.
LONGEST_NAME = 200
HEADER, BODY = "header", "body"
VARIABLE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
# Their values are one-time codes, which this product does not make.
AUTHENTICATION = "AUTHENTICATION"


@dataclass
class WhatsAppAccount:
    """`number` and `name`: as WhatsApp shows them. `refused`: what the API said when it last refused the account."""

    id: str
    phone_number_id: str
    business_account_id: str
    number: str
    name: str
    sealed: str
    per_minute: int
    checked_at: dt.datetime
    refused: str | None = None
    refused_at: dt.datetime | None = None
    version: int = 0


@dataclass(frozen=True)
class Part:
    """A text of a template; `variables`: their names, or positions ("1", "2"), in their order."""

    kind: str
    text: str
    variables: tuple[str, ...]


@dataclass(frozen=True)
class Template:
    """An approved template. `sendable` is False where it needs what is no text: a picture above, a button's code."""

    name: str
    language: str
    category: str
    parts: tuple[Part, ...]
    sendable: bool

    @property
    def id(self) -> str:
        return f"{self.name}:{self.language}"

    @property
    def variables(self) -> list[str]:
        """The names of the values to give: "body.1", "header.cliente"."""
        return [f"{part.kind}.{name}" for part in self.parts for name in part.variables]

    @property
    def text(self) -> str:
        return "\n\n".join(part.text for part in self.parts)

    def filled(self, values: Mapping[str, str]) -> str:
        """The text as its reader sees it.

        Raises Invalid: whatsapp_template_unsendable, whatsapp_values_wrong where a value is missing or is none of it.
        """
        if not self.sendable:
            detail = "Este modelo pede imagem, arquivo ou botão com código, que não são enviados por aqui."
            raise Invalid("whatsapp_template_unsendable", detail, fields={"template": [detail]})
        wanted = self.variables
        if set(wanted) != {name for name, value in values.items() if value}:
            detail = f"Informe exatamente estas variáveis: {', '.join(wanted) or 'nenhuma'}."
            raise Invalid("whatsapp_values_wrong", detail, fields={"template": [detail]}, variables=wanted)
        return "\n\n".join(
            VARIABLE.sub(lambda found, kind=part.kind: values[f"{kind}.{found[1]}"], part.text)  # type: ignore[misc]
            for part in self.parts
        )


def template_of(told: Mapping[str, Any]) -> Template | None:
    """As the API tells of it; None of one that is not approved, or is not understood."""
    name, language, components = told.get("name"), told.get("language"), told.get("components")
    named = isinstance(name, str) and isinstance(language, str) and name and language
    if told.get("status") != APPROVED or not named or not isinstance(components, list):
        return None
    components = [one for one in components if isinstance(one, dict)]
    if len(f"{name}{language}") > LONGEST_NAME:
        return None
    texts = [one for one in components if one.get("type") in ("HEADER", "BODY") and one.get("text")]
    parts = tuple(_part(one) for one in sorted(texts, key=lambda one: one["type"] != "HEADER"))
    category = str(told.get("category", ""))
    return Template(
        str(name), str(language), category, parts, _of_text_alone(components) and category != AUTHENTICATION
    )


def _part(component: Mapping[str, Any]) -> Part:
    text = texts.lines(str(component["text"]))
    return Part(str(component["type"]).lower(), text, tuple(dict.fromkeys(VARIABLE.findall(text))))


def _of_text_alone(components: list[Any]) -> bool:
    """Whether nothing of it asks for a file, or for a value in a button."""
    kinds = {one.get("type") for one in components}
    if not kinds <= {"HEADER", "BODY", "FOOTER", "BUTTONS"} or "BODY" not in kinds:
        return False
    if any(one.get("type") == "HEADER" and one.get("format", "TEXT") != "TEXT" for one in components):
        return False
    rows = [one.get("buttons") or () for one in components if one.get("type") == "BUTTONS"]
    buttons = [button for row in rows for button in row] if all(isinstance(row, list | tuple) for row in rows) else [{}]
    if not all(isinstance(button, dict) for button in buttons):
        return False
    plain = ("QUICK_REPLY", "URL", "PHONE_NUMBER")
    return all(one.get("type") in plain and not VARIABLE.search(str(one.get("url", ""))) for one in buttons)
