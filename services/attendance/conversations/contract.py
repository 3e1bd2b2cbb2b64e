"""The attendance (conversation) of an opportunity (row S1)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.schemas import Result


class ConversationOpened(Result):
    """The id of an opportunity's conversation, once it is opened."""

    id = fields.String()
