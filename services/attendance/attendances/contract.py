"""Opening, changing, closing, listing and summarising attendances (rows A7, A11, A15 to A17)."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.attendance.attendances.model.attendance import OPEN, STATUSES
from services.attendance.entries.contract import Entry, Next
from services.attendance.filing.model import FILINGS
from services.attendance.shared.contract import Attendance, OfAttendance, Paged, some_id
from services.attendance.types.model.types import PRIORITIES
from services.chassis.filters import several
from services.chassis.inputs import Choice, Day, Flag, Id, Line, Moment, Text, Whole
from services.chassis.references import PERSONS, Reference
from services.chassis.schemas import Counted, OfPerson, Result, Strict


def product(**options: Any) -> fields.String:
    """What the attendance is about, as its company calls it; null where it is about none."""
    return Line(150, minimum=1, allow_none=True, **options)


class OpenAttendance(Strict):
    """Row A7: opens an attendance of a registered person, with an optional first entry: `text`, or a standard text of
    the type with its variables filled in, and files that the author has sent under the same `dedup_key`.

    `contact`: the name of one of the person's registered contacts. `dedup_key`: a key of another system; the same key
    answers the same attendance. With `flow_id` it is filed there, with the tags `tag_ids`. `product`: what it is about,
    in words; or `product_id`, of the catalogue (row S24).
    `notify_customer` (row A10): the customer receives a copy of the first entry, which must have a text then.
    """

    person_id = Id(required=True)
    title = Line(200, required=True, data_key="subject")
    flow_id = Id(minimum=0, load_default=None, allow_none=True)
    tag_ids = fields.List(Id(required=True), load_default=list, validate=validate.Length(max=100))
    text = Text(20_000, load_default="")
    type_id = Id(minimum=0, load_default=None, allow_none=True)
    contact = Line(150, load_default=None, allow_none=True)
    due_at = Moment(load_default=None, allow_none=True)
    next_user_id = Id(minimum=0, load_default=None, allow_none=True)
    dedup_key = Line(200, minimum=1, load_default=None, allow_none=True)
    product = product(load_default=None)
    product_id = Id(minimum=0, load_default=None, allow_none=True)
    notify_customer = Flag(load_default=False)
    standard_text_id = Id(minimum=0, load_default=None, allow_none=True)
    attachment_ids = fields.List(Id(minimum=0), load_default=list, validate=validate.Length(max=50))

    @validates_schema
    def files_by_a_key(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("attachment_ids") and not data.get("dedup_key"):
            raise ValidationError("Informe a chave (dedup_key) com que os anexos foram enviados.", "dedup_key")

    @validates_schema
    def one_product(self, data: dict[str, Any], **_: Any) -> None:
        _refuse_two_products(data)


def _refuse_two_products(data: dict[str, Any]) -> None:
    if data.get("product") and data.get("product_id"):
        raise ValidationError("Informe o produto em palavras ou o do catálogo, e não os dois.", "product")


class CloseAttendance(OfAttendance):
    pass


class DuplicateAttendance(OfAttendance):
    """Row A11."""


class ChangeAttendance(Strict):
    """Rows A7, A11: changes the given fields only; null removes a date, the contact or the product. `contact`: the name
    of one of the person's registered contacts. `product` in words, or `product_id` of the catalogue."""

    attendance_id = Id(required=True)
    title = Line(200, data_key="subject")
    internal_contact_date = Day(allow_none=True)
    due_at = Moment(allow_none=True)
    contact = Line(150, minimum=1, allow_none=True)
    product = product()
    product_id = Id(minimum=0, allow_none=True)

    @validates_schema
    def one_product(self, data: dict[str, Any], **_: Any) -> None:
        _refuse_two_products(data)

    @validates_schema
    def no_empty_title(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("title") == "":
            raise ValidationError("Informe o assunto.", "subject")


class OpenedAttendance(Attendance):
    """`created` is false if the deduplication key had opened the attendance before."""

    created = fields.Boolean()


class AttendanceDetails(Result):
    """Row A11: the attendance, its person, its type's priority and colour, and what can be done next."""

    attendance = fields.Nested(Attendance)
    person = Reference(PERSONS)
    priority = Choice(PRIORITIES, allow_none=True)
    colour = fields.String(allow_none=True)
    next = fields.Nested(Next)


class ListAttendances(OfPerson, Counted):
    """A person's active and archived attendances in any of the states. Row A16 lists trashed ones."""

    status = several(STATUSES, load_default=lambda: [OPEN], data_key="state")
    # of the previous version's gateway
    include_closed = Flag(load_default=False)


class QueryAttendances(Paged):
    """Row A16: open or closed attendances, newest first; filters are optional and can be combined.

    `user_id` opened it or is its next user; `type_id` may be a group; `from` and `to` are inclusive days
    in the company's time zone. `reference`, the number that people say aloud, finds one, open or closed, whatever the
    other filters say; in the trash with `filed` trashed only.
    """

    reference = Whole(1, load_default=None, allow_none=True)
    status = Choice(STATUSES, load_default=OPEN, data_key="state")
    filed = Choice(FILINGS, load_default="active")
    person_id = some_id()
    user_id = some_id()
    center_id = some_id()
    type_id = some_id()
    opened_from = Day(load_default=None, allow_none=True, data_key="from")
    opened_to = Day(load_default=None, allow_none=True, data_key="to")

    @validates_schema
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        first, last = data.get("opened_from"), data.get("opened_to")
        if first and last and first > last:
            raise ValidationError("O período termina antes de começar.", "to")


class ListProduction(Paged, Counted):
    """Row A17: attendances of the company's types of production, newest first."""

    status = Choice(STATUSES, load_default=OPEN, data_key="state")
    person_id = some_id()


SUMMARIES = 25


class ListSummaries(Strict):
    """Row A15: at most SUMMARIES ids; refused as a whole if the user may not see one of them."""

    ids = fields.List(Id(required=True), required=True, validate=validate.Length(min=1, max=SUMMARIES))


class Summary(Result):
    """`first_entry` is null without any entry."""

    attendance = fields.Nested(Attendance)
    person = Reference(PERSONS)
    first_entry = fields.Nested(Entry, allow_none=True)


class Summaries(Result):
    """`time_zone`: the company's (IANA name), for the times in reports."""

    time_zone = fields.String()
    items = fields.List(fields.Nested(Summary))
