"""Mailings to many persons (row N6)."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.chassis.access import sections
from services.chassis.inputs import Choice, Code, Cursor, Day, Flag, Id, Line, Text, Verbatim, Whole
from services.chassis.references import PERSONS, USERS, Reference, References
from services.chassis.schemas import PAGE_LIMIT, Result, Strict, UTCDateTime, page_of
from services.notifications.mailings.model import CHANNELS, KINDS, LINK, NAME, ORDERS, OUTCOMES, STATES

TEXT_LENGTH = 20_000
MOST_CHOSEN = 2_000
# Of the token in an opt-out link.
KIND = LINK


class AudienceFilter(Strict):
    """Active persons to whom all of it applies. `consenting`: only who has consented to e-mails for the mailing's
    purpose; `person_ids`: only of these. `contact_since`: with whom there was contact (an entry that the user sees) on
    that day or later; `no_contact_since`: with whom there was none on that day or later, or ever."""

    category = Id(load_default=None, allow_none=True, data_key="category_id")
    characteristic = Id(load_default=None, allow_none=True, data_key="characteristic_id")
    city = Line(100, load_default=None, allow_none=True)
    state = Line(60, load_default=None, allow_none=True)
    consenting = Flag(load_default=False)
    person_ids = fields.List(Id(), load_default=list, validate=validate.Length(max=MOST_CHOSEN))
    contact_since = Day(load_default=None, allow_none=True)
    no_contact_since = Day(load_default=None, allow_none=True)

    @validates_schema
    def the_period_has_a_day(self, data: dict[str, Any], **_: Any) -> None:
        since, until = data.get("contact_since"), data.get("no_contact_since")
        if since and until and since >= until:
            raise ValidationError("O período do último contato não contém nenhum dia.", "no_contact_since")


class MailingAudience(Result):
    """An audience filter, as it is answered. What categories and characteristics are called, people knows alone: the
    gateway asks."""

    category = Reference("categories", "category", allow_none=True)
    characteristic = Reference("characteristics", "characteristic", allow_none=True)
    city = fields.String(allow_none=True)
    state = fields.String(allow_none=True)
    consenting = fields.Boolean()
    persons = References(PERSONS, "person_ids")
    contact_since = fields.Date(allow_none=True)
    no_contact_since = fields.Date(allow_none=True)


class CreateMailing(Strict):
    """Subject and text, or the template that they are copied from. `header`: above the text; `responsible`: the company
    that recipients read (the user's own, where it is not given); `purpose`: of the consents that are asked for, by the
    kind where it is not given."""

    kind = Choice(KINDS, required=True)
    template_id = Id(load_default=None, allow_none=True)
    subject = Line(200, load_default="")
    text = Verbatim(TEXT_LENGTH, load_default="")
    header = Text(500, load_default="")
    responsible = Line(150, load_default="")
    purpose = Line(40, load_default="")
    order = Choice(ORDERS, load_default=NAME)
    filter = fields.Nested(AudienceFilter, load_default=lambda: AudienceFilter().load({}))

    @validates_schema
    def has_a_text(self, data: dict[str, Any], **_: Any) -> None:
        if not data.get("template_id") and not (data.get("subject") and data.get("text")):
            raise ValidationError("Informe assunto e texto, ou um modelo.", "text")


class ChangeMailing(Strict):
    """Only what is given changes, of a draft."""

    mailing_id = Id(required=True)
    kind = Choice(KINDS)
    subject = Line(200, minimum=1)
    text = Verbatim(TEXT_LENGTH, minimum=1)
    header = Text(500)
    responsible = Line(150, minimum=1)
    purpose = Line(40, minimum=1)
    order = Choice(ORDERS)
    filter = fields.Nested(AudienceFilter)


class OfMailing(Strict):
    mailing_id = Id(required=True)


class StartMailing(OfMailing):
    """`link_base`: where recipients reach the gateway, for the links that opt out."""

    link_base = Line(300, required=True)


class ListMailings(Strict):
    state = Choice(STATES, load_default=None, allow_none=True)
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()


class ListRecipients(OfMailing):
    outcome = Choice(OUTCOMES, load_default=None, allow_none=True)
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()


class MailingCounts(Result):
    """Recipients by outcome."""

    waiting = fields.Integer(dump_default=0)
    queued = fields.Integer(dump_default=0)
    sent = fields.Integer(dump_default=0)
    dead = fields.Integer(dump_default=0)
    suppressed = fields.Integer(dump_default=0)
    letter = fields.Integer(dump_default=0)
    cancelled = fields.Integer(dump_default=0)


class Mailing(Result):
    """`problem`: why nobody could be gathered (audience_too_large, rights_missing); it is a draft again."""

    id = fields.String()
    kind = Choice(KINDS)
    subject = fields.String()
    text = fields.String()
    header = fields.String()
    responsible = fields.String()
    purpose = fields.String()
    order = Choice(ORDERS)
    filter = fields.Nested(MailingAudience)
    state = Choice(STATES)
    counts = fields.Nested(MailingCounts)
    problem = fields.String(allow_none=True)
    created_by = Reference(USERS, "created_by", "created_by_name")
    created_at = UTCDateTime()
    updated_at = UTCDateTime()
    started_at = UTCDateTime(allow_none=True)
    ended_at = UTCDateTime(allow_none=True)
    version = fields.Integer()


MailingPage = page_of(Mailing, "MailingPage")


class PostAddress(Result):
    street = fields.String()
    number = fields.String()
    complement = fields.String()
    district = fields.String()
    city = fields.String()
    state = fields.String()
    postal_code = fields.String()
    country = fields.String()


class MailingRecipient(Result):
    """`outcome`: waiting, queued, sent, dead, suppressed, letter or cancelled. `reason` is a code, or the server's
    answer; `explanation` its words. `delivery_id`: of the mail."""

    id = fields.String()
    person_id = fields.String()
    name = fields.String()
    code = fields.Integer()
    email = fields.String(allow_none=True)
    address = fields.Nested(PostAddress, allow_none=True, metadata=sections.of("addresses"))
    channel = Choice(CHANNELS, allow_none=True)
    outcome = Choice(OUTCOMES)
    reason = fields.String(allow_none=True)
    explanation = fields.String(allow_none=True)
    delivery_id = fields.String(allow_none=True)
    ended_at = UTCDateTime(allow_none=True)


RecipientPage = page_of(MailingRecipient, "MailingRecipientPage")


class PreviewedMailing(Result):
    """As a recipient would read it, with sample values."""

    subject = fields.String()
    text = fields.String()


class MailingLetter(Result):
    """A letter for who has no e-mail."""

    name = fields.String()
    address = fields.Nested(PostAddress)
    subject = fields.String()
    text = fields.String()


class MailingLetters(Result):
    """`printed_on`: the day of the letters, as people write it."""

    items = fields.List(fields.Nested(MailingLetter))
    next_cursor = fields.String(allow_none=True)
    responsible = fields.String()
    printed_on = fields.String()


class ListLetters(OfMailing):
    limit = Whole(1, PAGE_LIMIT, load_default=PAGE_LIMIT)
    cursor = Cursor()


class OpenOptOut(Strict):
    """`digest` is that of the token's signature, which the gateway keeps to itself."""

    recipient_id = Id(required=True)
    digest = Code(r"[0-9a-f]{64}", required=True)


class OptOut(OpenOptOut):
    """The evidence: how it was asked for, and from where."""

    source = Choice(("page", "one_click"), required=True)
    network = Line(100, load_default="")
    user_agent = Line(200, load_default="")


class OptOutPage(Result):
    """What the page shows: the address only in part, for links are passed on."""

    responsible = fields.String()
    purpose = fields.String()
    address = fields.String()
    opted_out = fields.Boolean()
