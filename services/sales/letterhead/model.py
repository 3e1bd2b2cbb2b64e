"""The company as its documents and pages show it: logo, data, conditions of its quotes (rows S12, S25).

No framework, store or clock may enter.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.chassis.errors import Invalid

# The longest logo, in characters of its data URL. It is embedded in mails, PDFs and pages, which load nothing.
LOGO_LENGTH = 150_000
_LOGO = re.compile(r"data:image/(png|jpeg);base64,([A-Za-z0-9+/]+={0,2})", re.ASCII)
_BEGINNINGS = {"png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff"}


@dataclass
class Letterhead:
    """`logo` is a data URL of a PNG or JPEG; `conditions` stand under every quote. What is empty is not shown."""

    logo: str = ""
    legal_name: str = ""
    document: str = ""
    phone: str = ""
    email: str = ""
    site: str = ""
    address: str = ""
    conditions: str = ""
    version: int = 0

    def change(self, data: Mapping[str, Any]) -> None:
        """Changes the given fields only; raises Invalid("logo_invalid")."""
        if data.get("logo"):
            _refuse_no_image(data["logo"])
        for name, value in data.items():
            setattr(self, name, value)


def _refuse_no_image(logo: str) -> None:
    form = _LOGO.fullmatch(logo)
    try:
        begins = base64.b64decode(form[2], validate=True) if form else b""
    except binascii.Error:
        begins = b""
    if form is None or not begins.startswith(_BEGINNINGS[form[1]]):
        detail = "O logotipo é uma imagem PNG ou JPEG em data:image/...;base64."
        raise Invalid("logo_invalid", detail, fields={"logo": [detail]})
