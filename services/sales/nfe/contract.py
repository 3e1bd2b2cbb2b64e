"""NF-e of orders (row S22)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.access import sections
from services.chassis.inputs import Choice, Cursor, Flag, Id, Line, Whole
from services.chassis.references import PERSONS, USERS, Reference
from services.chassis.schemas import PAGE_LIMIT, Counted, Result, Strict, counted_page_of
from services.sales.fiscal.contract import FiscalPlace, FiscalSettings
from services.sales.fiscal.model import ENVIRONMENTS
from services.sales.nfe.model.nfe import STATUSES as STATUSES
from services.sales.products.contract import FiscalData
from services.sales.shared.amounts import NamedProduct


class Missing(Result):
    """`path` names the field; `complete_at` the route that takes it, or `order` where the order itself is wrong."""

    path = fields.String()
    text = fields.String()
    complete_at = fields.String()


class Said(Result):
    """What the tax authority said: its code (cStat), its text, its protocol."""

    code = fields.String()
    text = fields.String()
    protocol = fields.String()
    at = fields.DateTime(allow_none=True)


class NfeCancellation(Result):
    """`refusal` where the authority refused it: then the NF-e stays authorised."""

    reason = fields.String()
    at = fields.DateTime()
    by = Reference(USERS, "by_id", "by")
    refusal = fields.Nested(Said, allow_none=True)


class NfeSummary(Result):
    """Of an order's NF-e."""

    id = fields.String()
    state = fields.String(validate=validate.OneOf(STATUSES), attribute="status")
    series = fields.Integer(allow_none=True)
    number = fields.Integer(allow_none=True)
    key = fields.String()


class Nfe(NfeSummary):
    """`handed_over`: to the transmitter, which reports `said` or, while it cannot reach the authority, `trouble`.

    `number_unused`: the cancelled document was never authorised, and its number is to be declared unused;
    `number_voided`: it was. `contingency`: issued to who stands in for the state's authority.
    """

    order_id = fields.String()
    order_number = fields.Integer()
    person_id = fields.String()
    person = Reference(PERSONS)
    attempt = fields.Integer()
    requested_at = fields.DateTime()
    requested_by = Reference(USERS, "requested_by_id", "requested_by")
    final_consumer = fields.Boolean(allow_none=True)
    missing = fields.List(fields.Nested(Missing))
    total = fields.Decimal(as_string=True)
    environment = Choice(("", *ENVIRONMENTS))
    issued_at = fields.DateTime(allow_none=True)
    handed_over = fields.Boolean()
    said = fields.Nested(Said, allow_none=True)
    authorisation = fields.Nested(Said, allow_none=True)
    trouble = fields.String()
    cancellation = fields.Nested(NfeCancellation, allow_none=True)
    number_unused = fields.Boolean()
    number_voided = fields.Boolean()
    contingency = fields.Boolean()
    version = fields.Integer()


NfePage = counted_page_of(Nfe, "NfePage")


class NfeRecipient(Result):
    """As the document will name the customer; `indicator` is indIEDest."""

    name = fields.String()
    document = fields.String()
    state_registration = fields.String()
    indicator = fields.String(allow_none=True)
    address = fields.Nested(FiscalPlace, allow_none=True, metadata=sections.of("addresses"))


class NfeLine(Result):
    """`index` counts the order's items from 0; `net` is the line's part of the total, all discounts taken."""

    index = fields.Integer()
    product = fields.Nested(NamedProduct, allow_none=True)
    code = fields.String()
    description = fields.String()
    unit = fields.String()
    quantity = fields.Decimal(as_string=True)
    gross = fields.Decimal(as_string=True)
    discount = fields.Decimal(as_string=True)
    net = fields.Decimal(as_string=True)
    fiscal = fields.Nested(FiscalData)


class NfeData(Result):
    """Row S22, "see data": what the document will say, and what it lacks. `order_id` is null of a quote without one."""

    order_id = fields.String(allow_none=True)
    complete = fields.Boolean()
    missing = fields.List(fields.Nested(Missing))
    issuer = fields.Nested(FiscalSettings)
    recipient = fields.Nested(NfeRecipient)
    items = fields.List(fields.Nested(NfeLine))
    total = fields.Decimal(as_string=True)


class RequestNfe(Strict):
    """`final_consumer` defaults to what the customer is: true for one who is no contributor."""

    order_id = Id(required=True)
    final_consumer = Flag(load_default=None, allow_none=True)


class SubmitNfe(Strict):
    nfe_id = Id(required=True)


class CancelNfe(Strict):
    """`reason` as the authority wants it: 15 to 255 characters."""

    nfe_id = Id(required=True)
    reason = Line(255, minimum=15, required=True)


class ListNfes(Counted):
    """Of the company, or of a person; newest first."""

    status = Choice(STATUSES, load_default=None, allow_none=True, data_key="state")
    person_id = Id(minimum=0, load_default=None, allow_none=True)
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()


class NfeXml(Result):
    """`name` is the file's; once authorised it is the nfeProc, which holds the protocol.

    An authorised one stays so when it is `cancelled` later.
    """

    name = fields.String()
    xml = fields.String()
    key = fields.String()
    authorised = fields.Boolean()
    cancelled = fields.Boolean()
