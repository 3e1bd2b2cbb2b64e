"""What `people` announces."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.schemas import Event, EventData

SERVICE = "people"


class AnnouncedContact(EventData):
    name = fields.String(required=True)


class AnnouncedAddress(EventData):
    """The main one; `city_code` is IBGE's."""

    street = fields.String()
    number = fields.String()
    complement = fields.String()
    district = fields.String()
    city = fields.String()
    city_code = fields.String(allow_none=True)
    state = fields.String()
    postal_code = fields.String()


class PersonRegistered(EventData):
    person_id = fields.String(required=True)
    code = fields.Integer(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    short_name = fields.String(load_default="")
    categories = fields.List(fields.String(), load_default=list)
    # the main one, E.164
    phone = fields.String(load_default=None, allow_none=True)
    active = fields.Boolean(load_default=True)
    contacts = fields.List(fields.Nested(AnnouncedContact))
    # what a fiscal document says of its recipient (row S22)
    document = fields.String(load_default=None, allow_none=True)
    state_registration = fields.String(load_default=None, allow_none=True)
    address = fields.Nested(AnnouncedAddress, load_default=None, allow_none=True)


class PersonChanged(PersonRegistered):
    """The same data after a change."""


class ImportedPerson(PersonRegistered):
    """`registered`: new by the import, else changed by it. `version`: the sequence of an event of the person's own."""

    version = fields.Integer(required=True)
    registered = fields.Boolean(required=True)


class PersonsImported(EventData):
    """Who came in, or was changed, by some rows of an import: instead of an event for each (ADR 0026).

    The aggregate is the import, `sequence` its version.
    """

    import_id = fields.String(required=True)
    persons = fields.List(fields.Nested(ImportedPerson), required=True)


class CompanyChanged(EventData):
    """Of a company new or changed, under its own id; `sequence` is the company's version."""

    company_id = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    time_zone = fields.String(required=True)


class RoleChanged(EventData):
    """What a role of the company's own gives from now on, to all who hold it; `sequence` is the role's version.

    `scopes`: by kind, the ids that it is narrowed to (access/model.py).
    """

    role_id = fields.String(required=True)
    permissions = fields.List(fields.String(), required=True)
    scopes = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), required=True)


class AnnouncedRole(RoleChanged):
    """As it was then: a reader's copy of the role takes what is newer (role_changed); a built-in one stays 0."""

    version = fields.Integer(required=True)


class UserChanged(EventData):
    """Of a member new or changed, to each company for itself; `person_id`: the user's own person there.

    `roles`: what the user holds there. `sequence` is the user's version, which other companies' changes count up as
    well.
    """

    user_id = fields.String(required=True)
    name = fields.String(required=True)
    person_id = fields.String(required=True, allow_none=True)
    active = fields.Boolean(required=True)
    roles = fields.List(fields.Nested(AnnouncedRole), required=True)


class PersonMerged(EventData):
    """The id and code of `person_id` lead to the survivor from now on."""

    person_id = fields.String(required=True)
    survivor_id = fields.String(required=True)


class PersonUnmerged(PersonMerged):
    """The person is one of its own again."""


class PersonErasureRequested(EventData):
    """Every service erases what it holds of `persons`, and answers with its own person_data_erased."""

    erasure_id = fields.String(required=True)
    persons = fields.List(fields.String(), required=True)


class ConsentChanged(EventData):
    """What the person decided last for this purpose and channel."""

    person_id = fields.String(required=True)
    purpose = fields.String(required=True)
    channel = fields.String(required=True)
    given = fields.Boolean(required=True)
    at = fields.DateTime(required=True)


PERSON_REGISTERED = Event(SERVICE, "person_registered", PersonRegistered)
PERSON_CHANGED = Event(SERVICE, "person_changed", PersonChanged)
PERSONS_IMPORTED = Event(SERVICE, "persons_imported", PersonsImported)
COMPANY_CHANGED = Event(SERVICE, "company_changed", CompanyChanged)
USER_CHANGED = Event(SERVICE, "user_changed", UserChanged)
ROLE_CHANGED = Event(SERVICE, "role_changed", RoleChanged)
PERSON_MERGED = Event(SERVICE, "person_merged", PersonMerged)
PERSON_UNMERGED = Event(SERVICE, "person_unmerged", PersonUnmerged)
PERSON_ERASURE_REQUESTED = Event(SERVICE, "person_erasure_requested", PersonErasureRequested)
CONSENT_CHANGED = Event(SERVICE, "consent_changed", ConsentChanged)
EVENTS = (
    PERSON_REGISTERED,
    PERSON_CHANGED,
    PERSONS_IMPORTED,
    PERSON_MERGED,
    PERSON_UNMERGED,
    PERSON_ERASURE_REQUESTED,
    CONSENT_CHANGED,
    COMPANY_CHANGED,
    USER_CHANGED,
    ROLE_CHANGED,
)
