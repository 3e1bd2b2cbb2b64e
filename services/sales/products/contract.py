"""The catalogue of products, and its import from CSV (row S24)."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate

from services.chassis.inputs import Base64, Choice, Cursor, Flag, Id, Line, Whole
from services.chassis.references import Who
from services.chassis.schemas import PAGE_LIMIT, Result, Strict, page_of
from services.sales.products.fields import CSOSNS, ORIGINS, checked_gtin, pattern
from services.sales.products.model import OUTCOMES, PRODUCT_STATES
from services.sales.shared.amounts import CURRENCIES, amount
from services.sales.shared.items import ITEM_KINDS, SURPLUS_RULES

LARGEST_FILE = 700_000
# One transaction takes them all, in seconds also on the slowest engine.
MOST_LINES = 500
EXISTING = ("update", "skip")


class FiscalData(Strict):
    """For its NF-e. `cfop` is within the state, `cfop_interstate` to other states."""

    ncm = pattern(r"([0-9]{8})?", "O NCM tem 8 dígitos.")
    cfop = pattern(r"(5[0-9]{3})?", "O CFOP dentro do estado começa com 5.")
    cfop_interstate = pattern(r"(6[0-9]{3})?", "O CFOP para fora do estado começa com 6.")
    origin = Choice(("", *ORIGINS))
    csosn = Choice(("", *CSOSNS))
    gtin = Line(20, validate=checked_gtin)


class ProductFields(Strict):
    """What is not given stays."""

    description = Line(300, minimum=1)
    unit = pattern(r"([A-Za-z0-9]{1,6})?", "A unidade tem de 1 a 6 letras ou dígitos.")
    price = amount(4, allow_none=True)
    currency = Choice(CURRENCIES)
    kind = Choice(ITEM_KINDS)
    recurring = Flag()
    surplus_rule = Choice(SURPLUS_RULES)
    fiscal = fields.Nested(FiscalData)


class AddProduct(ProductFields):
    """`code` stays. Without a `price`, each sale says one. `recurring`: charged every month by a contract.

    `surplus_rule`: by_sale (as row S15 finds), always, never.
    """

    code = Line(60, required=True)
    description = Line(300, required=True)


class ChangeProduct(ProductFields):
    product_id = Id(required=True)


class OneProduct(Strict):
    product_id = Id(required=True)


class ListProducts(Strict):
    """By code. `q`: words that all begin words of the code or the description; `code`: the one of that code."""

    q = Line(100, load_default="")
    code = Line(60, load_default=None, allow_none=True)
    state = Choice(PRODUCT_STATES, load_default=None, allow_none=True)
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()


class Product(Result):
    """`code` is compared regardless of case, of blanks around it, and of leading zeros where it has digits only."""

    id = fields.String()
    code = fields.String()
    description = fields.String()
    unit = fields.String()
    price = fields.Decimal(as_string=True, allow_none=True)
    currency = Choice(CURRENCIES)
    kind = Choice(ITEM_KINDS)
    recurring = fields.Boolean()
    surplus_rule = Choice(SURPLUS_RULES)
    state = Choice(PRODUCT_STATES)
    fiscal = fields.Nested(FiscalData)
    created_at = fields.DateTime()
    created_by = fields.Nested(Who)
    changed_at = fields.DateTime(allow_none=True)
    changed_by = fields.Nested(Who, allow_none=True)
    version = fields.Integer()


ProductPage = page_of(Product, "ProductPage")


def _of_some_size(value: bytes) -> None:
    if not 1 <= len(value) <= LARGEST_FILE:
        raise ValidationError(f"O arquivo tem de 1 a {LARGEST_FILE} bytes.")


class ImportChoices(Strict):
    """`dry_run`: reads and checks every line, and changes nothing. `existing`: products of the catalogue are updated by
    what the file says of them (an empty cell says nothing), or left as they are."""

    dry_run = Flag(load_default=False)
    existing = Choice(EXISTING, load_default="update")


class ImportProducts(ImportChoices):
    """A CSV file in base64, of MOST_LINES lines at most."""

    file = Base64(required=True, validate=_of_some_size)


class ImportedColumn(Result):
    """`field` is null for a column that is not read."""

    header = fields.String()
    field: Any = fields.String(allow_none=True)


class ImportedLine(Result):
    """`reasons` say in Portuguese why a line is refused, without its values."""

    line = fields.Integer()
    outcome = fields.String(validate=validate.OneOf(OUTCOMES))
    code = fields.String()
    reasons = fields.List(fields.String())


class ProductCounts(Result):
    added = fields.Integer()
    changed = fields.Integer()
    unchanged = fields.Integer()
    refused = fields.Integer()


class ImportedProducts(Result):
    """Of each line of the file what became, or (`dry_run`) would become, of it."""

    dry_run = fields.Boolean()
    columns = fields.List(fields.Nested(ImportedColumn))
    counts = fields.Nested(ProductCounts)
    lines = fields.List(fields.Nested(ImportedLine))
