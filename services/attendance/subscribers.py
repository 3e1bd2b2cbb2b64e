"""The events of other services that `attendance` handles, each with the fields that it reads.

Events about an opportunity's later life are in conversations/subscribers.py.
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.attendance.attendances.commands import open_on
from services.attendance.attendances.jobs import queue_renaming
from services.attendance.attendances.model.attendance import title_of
from services.attendance.attendances.model.quotes import SeenQuote, hundredths, with_quote
from services.attendance.filing.model import Share
from services.attendance.session import AttendanceSession
from services.attendance.shared.loading import conversation_of, type_for_event
from services.attendance.timeline.writing import announce_change
from services.chassis.handling.entrypoints import subscribe
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.replicas import handlers
from services.chassis.replicas.users import COLLECTION as USERS
from services.chassis.schemas import EventData


class ContactSeen(EventData):
    name = fields.String(required=True)


class PersonSeen(EventData):
    """The fields read from people's person_registered, person_changed and persons_imported."""

    person_id = fields.String(required=True)
    name = fields.String(required=True)
    email = fields.String(load_default=None, allow_none=True)
    contacts = fields.List(fields.Nested(ContactSeen), load_default=list)
    categories = fields.List(fields.String(), load_default=None)


class OpportunitySeen(EventData):
    """The fields read from sales' opportunity_created: they open its conversation."""

    opportunity_id = fields.String(required=True)
    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    description = fields.String(required=True)
    person_name = fields.String(load_default="")


class UserSeen(EventData):
    """The fields read from people's user_changed: only an active user can be an attendance's next user."""

    user_id = fields.String(required=True)
    active = fields.Boolean(required=True)
    name = fields.String(load_default="")


class QuoteSeen(EventData):
    """The fields read from sales' quote_changed: a flow's totals are computed from them (row A13)."""

    quote_id = fields.String(required=True)
    person_id = fields.String(required=True)
    attendance_id = fields.String(required=True)
    status = fields.String(required=True)
    total = fields.Decimal(required=True)
    currency = fields.String(required=True, validate=validate.Regexp(r"^[A-Z]{3}\Z"))


@subscribe("people", "user_changed", takes=UserSeen, once=False)
def on_people_user_changed(tx: AttendanceSession, event: ReceivedEvent) -> None:
    tx.users.put(event.aggregate, event.sequence, event.data["active"], event.data["name"])
    tx.forget_name(USERS, f"{tx.company}:{event.aggregate}")


@subscribe("sales", "opportunity_created", takes=OpportunitySeen)
def on_sales_opportunity_created(tx: AttendanceSession, event: ReceivedEvent) -> None:
    """Row S1: opens the opportunity's conversation under the id that sales derived, unless it exists already.

    The company's options give its type, and say whether the type's cycle is used.
    """
    conversation_id = event.data["attendance_id"]
    if tx.attendances.has(conversation_id) or tx.attendances.is_purged(conversation_id):
        return
    if tx.persons.erased(event.data["person_id"]):
        return
    person = tx.persons.find(event.data["person_id"])
    options = tx.options.get()
    attendance_type = type_for_event(tx, options.opportunity_type_id)
    open_on(
        tx,
        conversation_id,
        event.data["person_id"],
        attendance_type,
        with_cycle=options.cycle_in_opportunities,
        enforce=False,
        title=title_of(event.data["description"]),
        contact_name=person["name"] if person else event.data["person_name"],
        of_opportunity=True,
    )


@subscribe("sales", "quote_changed", takes=QuoteSeen)
def on_sales_quote_changed(tx: AttendanceSession, event: ReceivedEvent) -> None:
    """Row A13: updates the attendance's value and its flow's totals; an older event of the quote changes nothing.

    Raises NotFound("attendance_not_found") before the conversation is opened: the event is tried again. None is opened
    for a person whose data was erased, and none again once it is deleted for good.
    """
    attendance = conversation_of(tx, event.data["attendance_id"], event.data["person_id"])
    if attendance is None:
        return
    amount = hundredths(event.data["total"])
    quote = SeenQuote(event.aggregate, event.sequence, event.data["status"], event.data["currency"], amount)
    quotes = with_quote(attendance.quotes, quote)
    if quotes is None:
        return
    before = Share.of(attendance)
    attendance.quotes = quotes
    tx.flow_totals.shift(before, Share.of(attendance))
    announce_change(tx, attendance, "value")


class ProductSeen(EventData):
    """A product of sales' products_changed, with the fields that this service shows."""

    product_id = fields.String(required=True)
    code = fields.String(required=True)
    description = fields.String(required=True)
    active = fields.Boolean(required=True)
    version = fields.Integer(required=True)


class ProductsSeen(EventData):
    """The fields read from sales' products_changed (row S24)."""

    products = fields.List(fields.Nested(ProductSeen), required=True)


@subscribe("sales", "products_changed", takes=ProductsSeen, once=False)
def on_sales_products_changed(tx: AttendanceSession, event: ReceivedEvent) -> None:
    """Copies the products to the replica; an older version of a product changes nothing."""
    products = event.data["products"]
    tx.products.put_many([(one["product_id"], one["version"], _copied_fields(one)) for one in products])


def _copied_fields(product: dict[str, Any]) -> dict[str, Any]:
    return {name: product[name] for name in ("code", "description", "active")}


def _replica_fields(data: dict[str, Any]) -> dict[str, Any]:
    copied = {name: data[name] for name in ("name", "email", "categories")}
    return {**copied, "contacts": [contact["name"] for contact in data["contacts"]]}


on_people_person_registered, on_people_person_changed, on_people_persons_imported = handlers.person_subscribers(
    PersonSeen, _replica_fields, queue_renaming
)
on_people_company_changed = handlers.company_subscriber()
