"""Texts as they are compared: one folding, in every service."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.chassis.texts import fold, fold_name
from services.sales.shared.names import same_name

# Behind it are ideographs, signs for tags and what is nobody's: nothing with a case.
LAST_LETTER = 0x1FFFF
# To compare by; and for NF-e, whose authority takes Latin letters only.
FOLDING = {"services/chassis/texts.py", "services/sales/nfe/model/text.py"}


def test_every_sign_folds_once_whatever_its_case() -> None:
    signs = [chr(code) for code in range(LAST_LETTER + 1) if not 0xD800 <= code <= 0xDFFF]
    assert [sign for sign in signs if fold(fold(sign)) != fold(sign)] == []
    assert [sign for sign in signs if fold(sign.lower()) != fold(sign) and sign.lower().upper() == sign] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("José", "JOSE"), ("Ação", "acao"), ("STRASSE", "straße"), ("ℌotel", "HOTEL"), ("ΑΙ", "ᾳ"), ("ﬁo", "FIO")],
)
def test_names_that_are_read_alike_are_the_same_in_every_service(one: str, other: str) -> None:
    assert fold(one) == fold(other)
    assert fold_name(f"  {one}  x ") == fold_name(f"{other} X")
    assert same_name(f" {one}", other)


def test_texts_are_folded_in_one_place() -> None:
    product = [path for folder in ("services", "gateway") for path in Path(folder).rglob("*.py")]
    assert {str(path) for path in product if "unicodedata.combining" in path.read_text()} == FOLDING
