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
HEADER, BODY, BUTTON = "header", "body", "button"
# What may stand above a template's text instead of a text, by Meta's word for it; a kind of whatsapp/outgoing.py.
HEADER_FILES = {"IMAGE": "image", "VIDEO": "video", "DOCUMENT": "document"}
FILE_NAMES = {"image": "uma imagem", "video": "um vídeo", "document": "um documento"}
# Buttons that need nothing of us, and those that need a value: where the link ends, or the code to copy.
PLAIN_BUTTONS = ("QUICK_REPLY", "URL", "PHONE_NUMBER")
URL, COPY_CODE = "url", "copy_code"
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
    """A text of a template; `variables`: their names, or positions ("1", "2"), in their order.

    Or a button that needs a value, whose one variable is its own position; `button`: URL or COPY_CODE.
    """

    kind: str
    text: str
    variables: tuple[str, ...]
    button: str = ""


@dataclass(frozen=True)
class Template:
    """An approved template. `file`: the kind of file that it bears above its text, or None. `sendable` is False where
    it needs what is not sent from here: a place on the map, a product, a form."""

    name: str
    language: str
    category: str
    parts: tuple[Part, ...]
    sendable: bool
    file: str | None = None

    @property
    def id(self) -> str:
        return f"{self.name}:{self.language}"

    @property
    def variables(self) -> list[str]:
        """The names of the values to give: "body.1", "header.cliente", "button.2" for what its second button needs."""
        return [f"{part.kind}.{name}" for part in self.parts for name in part.variables]

    @property
    def text(self) -> str:
        return "\n\n".join(part.text for part in self._read)

    @property
    def _read(self) -> list[Part]:
        """What its reader reads; of buttons they see the label alone."""
        return [part for part in self.parts if part.kind != BUTTON]

    def require_file(self, kind: str | None) -> None:
        """Raises Invalid("whatsapp_template_file_wrong") where the file sent with it is none of its kind."""
        if kind == self.file:
            return
        detail = f"Este modelo leva {FILE_NAMES[self.file]}." if self.file else "Este modelo não leva arquivo."
        raise Invalid("whatsapp_template_file_wrong", detail, fields={"file_id": [detail]})

    def filled(self, values: Mapping[str, str]) -> str:
        """The text as its reader sees it.

        Raises Invalid: whatsapp_template_unsendable, whatsapp_values_wrong where a value is missing or is none of it.
        """
        if not self.sendable:
            detail = "Este modelo pede um local, um produto ou um formulário, que não são enviados por aqui."
            raise Invalid("whatsapp_template_unsendable", detail, fields={"template": [detail]})
        wanted = self.variables
        if set(wanted) != {name for name, value in values.items() if value}:
            detail = f"Informe exatamente estas variáveis: {', '.join(wanted) or 'nenhuma'}."
            raise Invalid("whatsapp_values_wrong", detail, fields={"template": [detail]}, variables=wanted)
        return "\n\n".join(
            VARIABLE.sub(lambda found, kind=part.kind: values[f"{kind}.{found[1]}"], part.text)  # type: ignore[misc]
            for part in self._read
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
    parts = [_part(one) for one in sorted(texts, key=lambda one: one["type"] != "HEADER")]
    buttons, category = _buttons(components), str(told.get("category", ""))
    sendable = buttons is not None and _can_be_sent(components) and category != AUTHENTICATION
    file = next((HEADER_FILES.get(str(one.get("format"))) for one in components if one.get("type") == "HEADER"), None)
    return Template(str(name), str(language), category, (*parts, *(buttons or ())), sendable, file)


def _part(component: Mapping[str, Any]) -> Part:
    text = texts.lines(str(component["text"]))
    return Part(str(component["type"]).lower(), text, tuple(dict.fromkeys(VARIABLE.findall(text))))


def _can_be_sent(components: list[Mapping[str, Any]]) -> bool:
    """Whether we have what stands in it, its buttons aside."""
    kinds = {one.get("type") for one in components}
    headers = [one.get("format", "TEXT") for one in components if one.get("type") == "HEADER"]
    known = kinds <= {"HEADER", "BODY", "FOOTER", "BUTTONS"} and "BODY" in kinds
    return known and all(one in ("TEXT", *HEADER_FILES) for one in headers)


def _buttons(components: list[Mapping[str, Any]]) -> list[Part] | None:
    """Those that need a value; None where one is of a kind that is not sent from here."""
    rows = [one.get("buttons") or () for one in components if one.get("type") == "BUTTONS"]
    if not all(isinstance(row, list | tuple) for row in rows):
        return None
    found = [_button(place, one) for row in rows for place, one in enumerate(row, 1)]
    return None if None in found else [part for part in found if part is not None and part.variables]


def _button(place: int, told: Any) -> Part | None:
    """Without variables where it needs no value."""
    kind, url = (told.get("type"), str(told.get("url", ""))) if isinstance(told, dict) else (None, "")
    if kind == "COPY_CODE":
        return Part(BUTTON, "", (str(place),), COPY_CODE)
    if kind not in PLAIN_BUTTONS:
        return None
    return Part(BUTTON, texts.one_line(url), (str(place),) if VARIABLE.search(url) else (), URL)
