"""Watching persons (row N1)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Cursor, EmailAddress, Id, Whole
from services.chassis.references import USERS, Reference
from services.chassis.schemas import PAGE_LIMIT, Result, Strict, page_of


class WatchPerson(Strict):
    """Row N1: the user of the request starts to watch the person; `email` is where their alerts go."""

    person_id = Id(required=True)
    email = EmailAddress(required=True)


class UnwatchPerson(Strict):
    person_id = Id(required=True)


class ListWatchers(Strict):
    person_id = Id(required=True)
    limit = Whole(1, PAGE_LIMIT, load_default=PAGE_LIMIT)
    cursor = Cursor()


class Watcher(Result):
    user = Reference(USERS, "user_id", "user_name")
    email = fields.String()
    since = fields.DateTime()


WatcherList = page_of(Watcher, "WatcherList")
