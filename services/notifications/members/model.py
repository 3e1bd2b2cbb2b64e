"""The company's users as recipients: whether one may receive a mail about an attendance. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from services.chassis.access.visibility import AttendanceFacts, Sight

# Reasons why a user may not receive a mail. Only the first is temporary: the mail is tried again.
RECIPIENT_UNKNOWN, RECIPIENT_INACTIVE, RIGHT_MISSING = "recipient_unknown", "recipient_inactive", "right_missing"
# The mail shows the person and the text of the entry: its reader needs both permissions.
RIGHTS = frozenset({"people.read", "attendance.read"})
SECTIONS = ("watchers", "attendances")
# Who settles messages that wait for a user, and who may do so for the company.
CONFIGURE = "notifications.configure"
SETTLES = frozenset({"notifications.read", "notifications.write", CONFIGURE})


@dataclass(frozen=True)
class Member:
    """A user of the company with the permissions and scopes of their roles, or a key, from the replicas here.

    `ends_at`: when a key expires.
    """

    active: bool
    permissions: frozenset[str]
    sight: Sight
    ends_at: dt.datetime | None = None

    def is_active(self, now: dt.datetime) -> bool:
        return self.active and (self.ends_at is None or now < self.ends_at)


@dataclass(frozen=True)
class Contact:
    """Name and address of a user."""

    name: str
    email: str


def settles(member: Member, now: dt.datetime) -> bool:
    """Whether the user may settle every waiting message and change the settings of notifications."""
    sees = member.sight.section("attendances") and member.sight.person(())
    return member.is_active(now) and sees and member.permissions >= SETTLES


def absence(member: Member | None) -> str | None:
    """The code of why no mail may be sent to the user, or None."""
    if member is None:
        return RECIPIENT_UNKNOWN
    return None if member.active else RECIPIENT_INACTIVE


def refusal(member: Member | None, categories: Collection[str], facts: AttendanceFacts | None) -> str | None:
    """The reason why the user may not receive an e-mail about the attendance; None where they may.

    `categories` are the person's. Checked when the e-mail is queued, and again before every attempt to send it.
    """
    if member is None or not member.active:
        return absence(member)
    sight = member.sight
    sees = all(map(sight.section, SECTIONS)) and sight.person(categories) and sight.attendance(facts)
    return None if sees and member.permissions >= RIGHTS else RIGHT_MISSING
