"""The events that `people` publishes."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.schemas import Event, EventData

SERVICE = "people"


class AnnouncedContact(EventData):
    name = fields.String(required=True)


class AnnouncedAddress(EventData):
    """The person's main address; `city_code` is IBGE's."""

    street = fields.String()
    number = fields.String()
    complement = fields.String()
    district = fields.String()
    city = fields.String()
    city_code = fields.String(allow_none=True)
    state = fields.String()
    postal_code = fields.String()
    country = fields.String(load_default="BR", dump_default="BR")


class PersonRegistered(EventData):
    person_id = fields.String(required=True)
    code = fields.Integer(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    # the main one, too
    emails = fields.List(fields.String(), load_default=list)
    short_name = fields.String(load_default="")
    categories = fields.List(fields.String(), load_default=list)
    # the main phone, E.164
    phone = fields.String(load_default=None, allow_none=True)
    # E.164: the person's own and those of their contacts
    phones = fields.List(fields.String(), load_default=list)
    active = fields.Boolean(load_default=True)
    contacts = fields.List(fields.Nested(AnnouncedContact))
    # data that a fiscal document needs of its recipient (row S22)
    document = fields.String(load_default=None, allow_none=True)
    state_registration = fields.String(load_default=None, allow_none=True)
    address = fields.Nested(AnnouncedAddress, load_default=None, allow_none=True)


class PersonChanged(PersonRegistered):
    """The data of person_registered after a change."""


class ImportedPerson(PersonRegistered):
    """`registered`: true for a new person, false for a changed one. `version`: the person's version."""

    version = fields.Integer(required=True)
    registered = fields.Boolean(required=True)


class PersonsImported(EventData):
    """The persons that a chunk of an import registered or changed, in one event instead of one for each (ADR 0026).

    The aggregate is the import, `sequence` is its version.
    """

    import_id = fields.String(required=True)
    persons = fields.List(fields.Nested(ImportedPerson), required=True)


class CompanyChanged(EventData):
    """A new or changed company; `sequence` is the company's version."""

    company_id = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    time_zone = fields.String(required=True)


class RoleChanged(EventData):
    """A new or changed role of the company's own, for all users who hold it; `sequence` is the role's version.

    `scopes`: by kind, the ids that the role is narrowed to (access/model.py).
    """

    role_id = fields.String(required=True)
    name = fields.String()
    permissions = fields.List(fields.String(), required=True)
    scopes = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), required=True)


class AnnouncedRole(RoleChanged):
    """A role that the user holds; a reader's replica keeps the newer `version`.

    A built-in role has version 1; it had 0 while it was told without its name.
    """

    version = fields.Integer(required=True)


class UserChanged(EventData):
    """A new or changed member of a company; each company gets its own event.

    `person_id` and `roles` are the user's in that company. `sequence` is the user's version, which changes made by
    other companies increase too.
    """

    user_id = fields.String(required=True)
    name = fields.String(required=True)
    # where their alerts go
    login = fields.String()
    person_id = fields.String(required=True, allow_none=True)
    active = fields.Boolean(required=True)
    roles = fields.List(fields.Nested(AnnouncedRole), required=True)


class KeyChanged(EventData):
    """A new or revoked API key, without its secret; `actor_id` is what it acts as, `sequence` the key's version."""

    key_id = fields.String(required=True)
    actor_id = fields.String(required=True)
    name = fields.String(required=True)
    active = fields.Boolean(required=True)
    expires_at = fields.DateTime(required=True)
    permissions = fields.List(fields.String(), required=True)
    scopes = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), required=True)


class PersonMerged(EventData):
    """`person_id` was merged into `survivor_id`: its id and code lead to the survivor from now on."""

    person_id = fields.String(required=True)
    survivor_id = fields.String(required=True)


class PersonUnmerged(PersonMerged):
    """The merge was undone: `person_id` is a person of its own again."""


class PersonErasureRequested(EventData):
    """Every service erases what it holds of `persons`, and answers with its own person_data_erased."""

    erasure_id = fields.String(required=True)
    persons = fields.List(fields.String(), required=True)


class ConsentChanged(EventData):
    """The person's last decision for this purpose and channel."""

    person_id = fields.String(required=True)
    purpose = fields.String(required=True)
    channel = fields.String(required=True)
    given = fields.Boolean(required=True)
    at = fields.DateTime(required=True)


class AnnouncedRecipient(EventData):
    """A person of a mailing's audience with the main e-mail and address, and the last decision for the mailing's
    purpose by channel (null: none)."""

    person_id = fields.String(required=True)
    code = fields.Integer(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    address = fields.Nested(AnnouncedAddress(exclude=("city_code",)), required=True, allow_none=True)
    email_consent = fields.Boolean(required=True, allow_none=True)
    post_consent = fields.Boolean(required=True, allow_none=True)


class MailingAudienceGathered(EventData):
    """The next persons of a mailing's audience (ADR 0048). `sequence` counts these events of a gathering from 1;
    `last`: there is no more; `refused`: why there is none."""

    gathering_id = fields.String(required=True)
    mailing_id = fields.String(required=True)
    last = fields.Boolean(required=True)
    refused = fields.String(required=True, allow_none=True)
    persons = fields.List(fields.Nested(AnnouncedRecipient), required=True)


class MailingCandidatesFound(MailingAudienceGathered):
    """The same, before attendance has chosen among them by the last contact, as the event's actor sees it: with whom
    there was contact on or after the day `contact_since`, and none since the day `no_contact_since` (null: any)."""

    contact_since = fields.Date(required=True, allow_none=True)
    no_contact_since = fields.Date(required=True, allow_none=True)


PERSON_REGISTERED = Event(SERVICE, "person_registered", PersonRegistered)
PERSON_CHANGED = Event(SERVICE, "person_changed", PersonChanged)
PERSONS_IMPORTED = Event(SERVICE, "persons_imported", PersonsImported)
COMPANY_CHANGED = Event(SERVICE, "company_changed", CompanyChanged)
USER_CHANGED = Event(SERVICE, "user_changed", UserChanged)
ROLE_CHANGED = Event(SERVICE, "role_changed", RoleChanged)
KEY_CHANGED = Event(SERVICE, "key_changed", KeyChanged)
PERSON_MERGED = Event(SERVICE, "person_merged", PersonMerged)
PERSON_UNMERGED = Event(SERVICE, "person_unmerged", PersonUnmerged)
PERSON_ERASURE_REQUESTED = Event(SERVICE, "person_erasure_requested", PersonErasureRequested)
CONSENT_CHANGED = Event(SERVICE, "consent_changed", ConsentChanged)
MAILING_AUDIENCE_GATHERED = Event(SERVICE, "mailing_audience_gathered", MailingAudienceGathered)
MAILING_CANDIDATES_FOUND = Event(SERVICE, "mailing_candidates_found", MailingCandidatesFound)
EVENTS = (
    PERSON_REGISTERED,
    PERSON_CHANGED,
    PERSONS_IMPORTED,
    PERSON_MERGED,
    PERSON_UNMERGED,
    PERSON_ERASURE_REQUESTED,
    CONSENT_CHANGED,
    MAILING_AUDIENCE_GATHERED,
    MAILING_CANDIDATES_FOUND,
    COMPANY_CHANGED,
    USER_CHANGED,
    ROLE_CHANGED,
    KEY_CHANGED,
)
