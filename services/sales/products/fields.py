"""Kinds of fields of a product's fiscal data, and their closed lists (rows S22, S24)."""

from __future__ import annotations

from marshmallow import ValidationError, fields
from stdnum import ean

from services.chassis.inputs import Code

# Without ICMS to compute: not taxed by Simples, exempt by bracket, immune, not taxed at all.
CSOSNS = ("102", "103", "300", "400")
ORIGINS = tuple("012345678")


def checked_gtin(value: str) -> None:
    if value and not ean.is_valid(value):
        raise ValidationError("GTIN inválido.")


def pattern(expression: str, words: str) -> fields.String:
    return Code(expression, words)
