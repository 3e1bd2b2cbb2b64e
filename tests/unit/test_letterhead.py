"""Row S12: what may be a company's logo."""

from __future__ import annotations

import base64

import pytest

from services.chassis.errors import Invalid
from services.sales.letterhead.model import Letterhead

PNG, JPEG = b"\x89PNG\r\n\x1a\n rest", b"\xff\xd8\xff rest"


def _url(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


@pytest.mark.parametrize("logo", [_url("png", PNG), _url("jpeg", JPEG), ""])
def test_a_logo_is_a_png_a_jpeg_or_nothing(logo: str) -> None:
    letterhead = Letterhead(logo="before")
    letterhead.change({"logo": logo})
    assert letterhead.logo == logo


@pytest.mark.parametrize(
    "logo",
    [
        _url("png", JPEG), _url("jpeg", PNG), _url("svg+xml", b"<svg/>"), "data:image/png;base64,%%%",
        "https://padaria.example/logo.png", _url("png", PNG) + "\n", "data:text/html;base64,PHA+",
    ],
)  # fmt: skip
def test_what_only_says_that_it_is_a_picture_is_refused_and_changes_nothing(logo: str) -> None:
    letterhead = Letterhead(logo="before", phone="1")
    with pytest.raises(Invalid) as refused:
        letterhead.change({"phone": "2", "logo": logo})
    assert refused.value.code == "logo_invalid"
    assert (letterhead.logo, letterhead.phone) == ("before", "1")
