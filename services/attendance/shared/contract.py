"""Schemas that several features share: keys, versions, pages, and an attendance in a response."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.attendance.attendances.model.attendance import STATUSES
from services.attendance.filing.model import FILINGS
from services.chassis.inputs import Choice, Code, Cursor, Id, Version, Whole
from services.chassis.references import PERSONS, USERS, Reference, References
from services.chassis.schemas import Result, Strict, counted_page_of

KEY = r"[a-z0-9][a-z0-9_-]{0,59}"
MAX_ITEMS = 200


def key(required: bool = True, **options: Any) -> fields.String:
    """A stable identifier chosen by the company."""
    if not required:
        options = {"load_default": None, "allow_none": True, **options}
    return Code(KEY, "Use letras minúsculas, algarismos, hífen e sublinhado.", required=required, **options)


class Keyed(Strict):
    """Names one record, to read or delete it."""

    id = Id(required=True)


class Everything(Strict):
    """Input of a list that is short by nature."""


class Changing(Strict):
    """`version`, where given, is the version that the user saw; the change is refused if it is no longer current."""

    version = Version()


def list_of(item: type[Result], name: str) -> type[Result]:
    """The schema of a list that is answered whole, without pages."""
    return type(name, (Result,), {"items": fields.List(fields.Nested(item))})


class Deleted(Result):
    id = fields.String()
    deleted = fields.Boolean()


class OfAttendance(Strict):
    attendance_id = Id(required=True)


class AboutProduct(Result):
    """`id`: of the catalogue, null for a product given in words. `name`: as it was when it was chosen."""

    id = fields.String(allow_none=True)
    name = fields.String()


class Attendance(Result):
    id = fields.String()
    person_id = fields.String()
    subject = fields.String(attribute="title")
    state = Choice(STATUSES, attribute="status")
    reference = fields.Integer()
    entry_count = fields.Integer()
    last_entry_at = fields.DateTime(allow_none=True)
    opened_at = fields.DateTime()
    opened_by = Reference(USERS, "opened_by", allow_none=True)
    closed_at = fields.DateTime(allow_none=True)
    version = fields.Integer()
    contact = fields.String(allow_none=True)
    type = Reference("types", allow_none=True)
    workflow = Reference("workflows", allow_none=True)
    workflow_version = fields.Integer()
    item_id = fields.String(allow_none=True)
    center = Reference("centers", allow_none=True)
    visited = References("centers")
    position = fields.Integer()
    cycle = Reference("cycles", allow_none=True)
    next_user = Reference(USERS, allow_none=True)
    due_at = fields.DateTime(allow_none=True)
    contact_date = fields.Date(allow_none=True)
    internal_contact_date = fields.Date(allow_none=True)
    dedup_key = fields.String(allow_none=True)
    duplicate_of = fields.String(allow_none=True)
    contact_name = fields.String()
    product = fields.Nested(AboutProduct, allow_none=True)
    filed = Choice(FILINGS)
    flow = Reference("flows", allow_none=True)
    tags = References("tags")
    value = fields.Decimal(as_string=True, places=2, metadata={"type": "string"})
    currency = fields.String()
    quotes_in_approval = fields.Integer()
    updated_at = fields.DateTime()


class CompanyAttendance(Attendance):
    """In a list of many persons' attendances: `contact_name` may be another than the person's."""

    person = Reference(PERSONS)


AttendancePage = counted_page_of(Attendance, "AttendancePage")
CompanyAttendancePage = counted_page_of(CompanyAttendance, "CompanyAttendancePage")


def some_id() -> fields.String:
    return Id(load_default=None, allow_none=True)


class Paged(Strict):
    limit = Whole(1, 100, load_default=20)
    cursor = Cursor()


class NoInput(Strict):
    """A query that needs no argument."""


def ids(maximum: int, **options: Any) -> fields.List[str]:
    return fields.List(Id(required=True), validate=validate.Length(max=maximum), **options)
