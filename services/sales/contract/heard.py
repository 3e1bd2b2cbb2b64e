"""The parts of other services' events that `sales` reads."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.schemas import EventData


class PlaceSeen(EventData):
    """A person's main address; `city_code` is IBGE's."""

    street = fields.String(load_default="")
    number = fields.String(load_default="")
    complement = fields.String(load_default="")
    district = fields.String(load_default="")
    city = fields.String(load_default="")
    city_code = fields.String(load_default=None, allow_none=True)
    state = fields.String(load_default="")
    postal_code = fields.String(load_default="")


class PersonSeen(EventData):
    """Of people's person_registered and person_changed: what is shown here, and what an NF-e needs (row S22)."""

    person_id = fields.String(required=True)
    name = fields.String(required=True)
    document = fields.String(load_default=None, allow_none=True)
    state_registration = fields.String(load_default=None, allow_none=True)
    phone = fields.String(load_default=None, allow_none=True)
    address = fields.Nested(PlaceSeen, load_default=None, allow_none=True)
    categories = fields.List(fields.String(), load_default=None)


COPIED = ("name", "document", "state_registration", "phone", "address", "categories")


class FlowSeen(EventData):
    """Of attendance's flow_changed: who sees what the flow holds."""

    flow_id = fields.String(required=True)
    users = fields.List(fields.String(), required=True)


class FlowOfAttendance(FlowSeen):
    version = fields.Integer(required=True)


class AttendanceSeen(EventData):
    """Of attendance's attendance_opened and attendance_filed: where something may be sold, and who sees it."""

    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    type_id = fields.String(load_default=None, allow_none=True)
    flow = fields.Nested(FlowOfAttendance, load_default=None, allow_none=True)


class EntrySeen(EventData):
    """Of attendance's entry_recorded: the opportunity's last interaction, and the next contact it plans."""

    attendance_id = fields.String(required=True)
    recorded_at = fields.DateTime(required=True)
    planned_contact_date = fields.Date(load_default=None, allow_none=True)


class ConversationClosed(EventData):
    """Of attendance's attendance_closed: closes the opportunity that it belongs to, unless it only followed it."""

    attendance_id = fields.String(required=True)
    followed_opportunity = fields.Boolean(load_default=False)


class CompanySeen(EventData):
    """Of people's company_changed: in which zone a day is reckoned."""

    time_zone = fields.String(required=True)


class UserSeen(EventData):
    """Of people's user_changed: who is responsible, and whose commission account that is."""

    user_id = fields.String(required=True)
    person_id = fields.String(required=True, allow_none=True)
    active = fields.Boolean(required=True)


class PersonRedirected(EventData):
    """Of people's person_merged and person_unmerged: where the person leads, or led."""

    person_id = fields.String(required=True)
    survivor_id = fields.String(required=True)


class ErasureRequested(EventData):
    """Of people's person_erasure_requested: whose data to erase."""

    erasure_id = fields.String(required=True)
    persons = fields.List(fields.String(), required=True)
