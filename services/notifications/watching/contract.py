"""Watching persons, the company's default list, and who watches whom (row N1)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.inputs import Choice, Cursor, EmailAddress, Flag, Id, Whole
from services.chassis.references import USERS, Named, Reference
from services.chassis.schemas import PAGE_LIMIT, Counted, Result, Strict, UTCDateTime, counted_page_of, page_of
from services.notifications.watching.model import AT_ONCE, CHANGES, MODES, MOST_DEFAULTS


class WatchPerson(Strict):
    """Row N1: the user of the request starts to watch the person, or changes how; `email` is where their alerts go.

    `mode`: each alert at once, gathered by the hour or the day, or none for now. `own_actions`: also of what the user
    records themselves.
    """

    person_id = Id(required=True)
    email = EmailAddress(required=True)
    mode = Choice(MODES, load_default=AT_ONCE)
    own_actions = Flag(load_default=False)


class UnwatchPerson(Strict):
    person_id = Id(required=True)


class ListWatchers(Counted):
    person_id = Id(required=True)
    limit = Whole(1, PAGE_LIMIT, load_default=PAGE_LIMIT)
    cursor = Cursor()


class Watcher(Result):
    user = Reference(USERS, "user_id", "user_name")
    email = fields.String()
    since = fields.DateTime()
    mode = Choice(MODES)
    own_actions = fields.Boolean()


WatcherPage = counted_page_of(Watcher, "WatcherPage")


class ListWatches(Strict):
    """Who watches whom in the company, or whom one user watches; the latest first."""

    user_id = Id(load_default=None, allow_none=True)
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()


class WatchOf(Result):
    user = fields.Nested(Named)
    person = fields.Nested(Named)
    mode = Choice(MODES)
    since = UTCDateTime()


WatchPage = page_of(WatchOf, "WatchPage")


class ListWatchChanges(Strict):
    person_id = Id(load_default=None, allow_none=True)
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()


class WatchChange(Result):
    """`person` is null where the user was put on the default list (`listed`) or taken off it (`unlisted`). `by`: who
    made the change."""

    id = fields.String()
    user = Reference(USERS, "user_id", "user_name")
    person = fields.Nested(Named, allow_none=True)
    by = Reference(USERS, "by_id", "by_name")
    change = Choice(CHANGES)
    mode = Choice(MODES)
    at = UTCDateTime()


WatchChangePage = page_of(WatchChange, "WatchChangePage")


class GetWatchSettings(Strict):
    pass


class ChangeWatchSettings(Strict):
    """`default_watcher_ids`: the users who are told of a person whom nobody watches, and that received messages wait
    for a user. Of these the company's administrators are told while the list is empty."""

    default_watcher_ids = fields.List(Id(), required=True, validate=validate.Length(max=MOST_DEFAULTS))


class WatchSettings(Result):
    default_watchers = fields.List(fields.Nested(Named))
    version = fields.Integer()
