"""Messages received from customers, and what becomes of them (row N10)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Choice, Cursor, Id, Whole
from services.chassis.references import PERSONS, USERS, Reference
from services.chassis.schemas import Result, Strict, UTCDateTime, page_of
from services.notifications.inbound.model import CHANNELS, MESSAGE_KINDS, STATES


class ListInboundMessages(Strict):
    """Newest first, of the company or of one person."""

    person_id = Id(minimum=0, load_default=None, allow_none=True)
    state = Choice(STATES, load_default=None, allow_none=True)
    channel = Choice(CHANNELS, load_default=None, allow_none=True)
    limit = Whole(1, 100, load_default=20)
    cursor = Cursor()


class GetInboundMessage(Strict):
    message_id = Id(required=True)


class AssignInboundMessage(GetInboundMessage):
    """Without `attendance_id`: to the person's open attendance, or as the company's rule says."""

    person_id = Id(required=True)
    attendance_id = Id(minimum=0, load_default=None, allow_none=True)


class DiscardInboundMessage(GetInboundMessage):
    pass


class InboundMessage(Result):
    """`kind`: message, automatic_answer (out of office) or bounce (a server's word on a mail of ours).

    `state`: received (its attendance is being found), filed (an entry of `attendance_id`), unassigned (waits for a
    user), discarded, or noted (kept, nothing to do). `verified`: the channel vouches for the sender. `quoted`: older
    messages that the text came with. `left_out`: names of files that were too large.
    """

    id = fields.String()
    channel = Choice(CHANNELS)
    kind = Choice(MESSAGE_KINDS)
    state = Choice(STATES)
    sender = fields.String()
    sender_name = fields.String()
    verified = fields.Boolean()
    person = Reference(PERSONS, allow_none=True)
    attendance_id = fields.String(allow_none=True)
    delivery_id = fields.String(allow_none=True)
    subject = fields.String()
    text = fields.String()
    quoted = fields.String()
    file_names = fields.List(fields.String())
    left_out = fields.List(fields.String())
    received_at = UTCDateTime()
    handled_by = Reference(USERS, "handled_by", "handled_by_name", allow_none=True)
    handled_at = UTCDateTime(allow_none=True)
    version = fields.Integer()


InboundMessagePage = page_of(InboundMessage, "InboundMessagePage")
