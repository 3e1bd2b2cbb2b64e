"""The commission account, its closings, and the rates (row S19)."""

from __future__ import annotations

from marshmallow import ValidationError, fields, validates_schema

from services.chassis.inputs import Choice, Cursor, Day, Id, Line, Whole
from services.chassis.references import PERSONS, USERS, Reference
from services.chassis.schemas import PAGE_LIMIT, Counted, Result, Strict, counted_page_of, page_of
from services.sales.commission.model import ENTRY_KINDS, ENTRY_STATUSES, PERSON, RATE_KINDS
from services.sales.shared.amounts import NamedProduct, currency, percent


class PutCommissionRate(Strict):
    """The rate of a seller (`kind` person, `person_id`) or of a product, which beats it (`kind` product).

    A product is given by `product_id` or by its `code`, which need not be in the catalogue.
    """

    kind = Choice(RATE_KINDS, required=True)
    person_id = Id(minimum=0, load_default="")
    product_id = Id(minimum=0, load_default="")
    product = Line(60, load_default="", data_key="code")
    percent = percent(required=True)

    @validates_schema
    def one_of_the_two(self, data: dict[str, object], **_: object) -> None:
        of_product = data["product"] or data["product_id"]
        named, other = (data["person_id"], of_product) if data["kind"] == PERSON else (of_product, data["person_id"])
        fields = ("person_id", "code") if data["kind"] == PERSON else ("code", "person_id")
        if not named:
            raise ValidationError("Informe de quem ou de que produto é o percentual.", fields[0])
        if other:
            raise ValidationError("O percentual é da pessoa ou do produto, e não dos dois.", fields[1])
        if data["product"] and data["product_id"]:
            raise ValidationError("Informe o código ou o produto do catálogo, e não os dois.", "code")


class DeleteCommissionRate(Strict):
    rate_id = Id(required=True)


class ListCommissionRates(Strict):
    kind = Choice(RATE_KINDS, load_default=PERSON)
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()


class CommissionRate(Result):
    """`percent` of an item's price after all discounts. `product`: null if its `code` is not in the catalogue."""

    id = fields.String()
    kind = Choice(RATE_KINDS)
    person = Reference(PERSONS, named="person_name", allow_none=True)
    product = fields.Nested(NamedProduct, allow_none=True)
    code = fields.String()
    percent = fields.Decimal(as_string=True)
    set_at = fields.DateTime()
    set_by = Reference(USERS, "set_by_id", "set_by")
    version = fields.Integer()


class DeletedCommissionRate(Result):
    id = fields.String()
    deleted = fields.Boolean()


class ListCommission(Strict):
    """The caller's own account; with `person_id` another's, for users who may close accounts."""

    person_id = Id(minimum=0, load_default=None, allow_none=True)
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()


class ListCommissionByStatus(ListCommission):
    """`state`: open (payable), pending (waits for its receivable), closed (in a closing), cancelled."""

    status = Choice(ENTRY_STATUSES, load_default="open", data_key="state")


class ListCommissionEntries(ListCommissionByStatus, Counted):
    """As ListCommissionByStatus, with the count."""


class CommissionPart(Result):
    """An item's part of an entry: `amount` is its share of `percent` of the item's price, rounded per order."""

    code = fields.String(attribute="product")
    description = fields.String()
    percent = fields.Decimal(as_string=True)
    base = fields.Decimal(as_string=True)
    amount = fields.Decimal(as_string=True)


class _Placed(Result):
    order_id = fields.String()
    order_number = fields.Integer()
    receivable_id = fields.String(allow_none=True)
    instalment = fields.Integer()
    kind = Choice(ENTRY_KINDS)
    state = Choice(ENTRY_STATUSES, attribute="status")
    currency = fields.String()
    created_at = fields.DateTime()
    earned_at = fields.DateTime(allow_none=True)
    closing_id = fields.String(allow_none=True)
    amount = fields.Decimal(as_string=True)


class CommissionEntry(_Placed):
    """The commission of one receivable of an order, or (`receivable_id` null) of the whole order.

    `kind` reversal: negative, it takes back the entry `reverses`. `earned_at`: payable since.
    """

    id = fields.String()
    person_id = fields.String()
    parts = fields.List(fields.Nested(CommissionPart))
    reverses = fields.String(allow_none=True)
    version = fields.Integer()


class CommissionItem(_Placed):
    """An item's part of an entry, with the fields of the entry."""

    entry_id = fields.String()
    code = fields.String(attribute="product")
    description = fields.String()
    percent = fields.Decimal(as_string=True)
    base = fields.Decimal(as_string=True)


CommissionEntryPage = counted_page_of(CommissionEntry, "CommissionEntryPage")
CommissionItemPage = page_of(CommissionItem, "CommissionItemPage")
CommissionRatePage = page_of(CommissionRate, "CommissionRatePage")


class GetCommissionBalance(Strict):
    """The caller's own account; with `person_id` another's, for users who may close accounts."""

    person_id = Id(minimum=0, load_default=None, allow_none=True)


class CommissionAmounts(Result):
    """`pending`: its receivables are not settled. `payable`: for the next closing. `paid`: by closings. `earned`: both.

    Amounts may be negative, where more was taken back than earned.
    """

    currency = fields.String()
    pending = fields.Decimal(as_string=True)
    payable = fields.Decimal(as_string=True)
    paid = fields.Decimal(as_string=True)
    earned = fields.Decimal(as_string=True)


class CommissionBalance(Result):
    person = Reference(PERSONS, named="person_name")
    amounts = fields.List(fields.Nested(CommissionAmounts))


class ListCommissionBalances(Strict):
    """The balances of all persons with commissions, by person id."""

    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()


CommissionBalancePage = page_of(CommissionBalance, "CommissionBalancePage")


class CloseCommission(Strict):
    """Closes all that is payable to a person by the end of `ends_on` (company's time zone; by default today)."""

    person_id = Id(required=True)
    ends_on = Day(load_default=None, allow_none=True)
    currency = currency()


class CommissionClosing(Result):
    """`starts_on`: the day of its earliest entry. `total`: may be negative, where more was taken back than earned."""

    id = fields.String()
    number = fields.Integer()
    person = Reference(PERSONS, named="person_name")
    currency = fields.String()
    starts_on = fields.Date()
    ends_on = fields.Date()
    entries = fields.Integer()
    total = fields.Decimal(as_string=True)
    closed_at = fields.DateTime()
    closed_by = Reference(USERS, "closed_by", "closed_by_name")
    version = fields.Integer()


CommissionClosingPage = page_of(CommissionClosing, "CommissionClosingPage")


class ListClosedEntries(Strict):
    """The entries of a closing, the newest first."""

    closing_id = Id(required=True)
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()
