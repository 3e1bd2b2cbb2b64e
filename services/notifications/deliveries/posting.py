"""Which server a delivery goes to: its account's, kept apart from those of others, so that one that is slow, full or
down delays nobody else's.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from cachetools import LRUCache

from services.chassis.process.runtime import Runtime
from services.notifications.accounts.checking import password_of, server_of
from services.notifications.accounts.model import INSTALLATION, Account
from services.notifications.accounts.repository import note_sign_in, take_allowance, take_of_day
from services.notifications.cloud_api.messenger import Messenger
from services.notifications.deliveries.model import MAX_REASON, Delivery, Enclosure, one_line
from services.notifications.mail.smtp import ACCOUNT_REFUSED, Mailer
from services.notifications.mail.transport import Failed, Transport
from services.notifications.whatsapp_accounts.checking import api_of, secrets_of
from services.notifications.whatsapp_accounts.model import WhatsAppAccount

AnyAccount = Account | WhatsAppAccount

# Accounts whose connections and passwords this process keeps in memory.
MOST_ACCOUNTS = 200
# Of the process's senders, those that one account may keep busy.
AT_ONCE = 3
BUSY_SECONDS = 1.0
# After a failure that concerns the account and not the mail, its other mails wait so long, twice as long each time.
REST_SECONDS, LONGEST_REST = 5.0, 300.0
# The mails that found no place in a minute come back within so many seconds of the next one.
SPREAD_SECONDS = 20.0
# What found no place in a day, of the next one; and what the delivery log says of it.
DAY_SPREAD_SECONDS = 900.0
DAY_SPENT = "company_day_spent"
MOST_COMPANIES = 2_000


@dataclass
class Lane:
    """One account in this process."""

    transport: Transport
    busy: int = 0
    failures: int = 0
    rests_until: float = 0.0
    minute: dt.datetime | None = None
    allowance: int = 0

    def rest(self) -> None:
        self.failures += 1
        self.rests_until = time.monotonic() + min(REST_SECONDS * 2 ** (self.failures - 1), LONGEST_REST)

    def well(self) -> None:
        self.failures, self.rests_until = 0, 0.0


@dataclass
class PostOffice:
    """Sends through the delivery's account, or the installation's mail server where `account` is None.

    `transport_of(company, account)` makes what sends through an account. `at_once`: deliveries of one account that it
    sends at the same time; `left`: the part of an account's rate that it leaves to others. `a_day`: how many mails a
    company may send through the installation's account in a day (UTC), 0 for any number.
    """

    runtime: Runtime
    installation: Transport
    transport_of: Callable[[str, AnyAccount], Transport]
    at_once: int = AT_ONCE
    left: float = 0.0
    a_day: int = 0
    _lanes: LRUCache[tuple[str, str, str], Lane] = field(default_factory=lambda: LRUCache(MOST_ACCOUNTS))
    # by company and day what this process may still send
    _days: LRUCache[tuple[str, dt.datetime], int] = field(default_factory=lambda: LRUCache(MOST_COMPANIES))

    def send(self, company: str, account: AnyAccount | None, delivery: Delivery, enclosure: Enclosure | None) -> None:
        """Writes into the delivery what became of it; raises Failed where an attempt was made and did not succeed."""
        if account is None:
            delivery.account_id = INSTALLATION
            if self.a_day and not self._of_day(company, delivery):
                return
            delivery.sent(dt.datetime.now(dt.UTC), self.installation.send(delivery, enclosure))
            return
        delivery.account_id = account.id
        lane = self._lane(company, account)
        held = self._held(company, account, lane)
        if held is not None:
            delivery.wait(*held)
            return
        lane.busy += 1
        try:
            code = lane.transport.send(delivery, enclosure)
        except Failed as error:
            self._note_failure(company, account, lane, error)
            raise
        finally:
            lane.busy -= 1
        lane.well()
        if account.refused:
            note_sign_in(self.runtime.database, company, account, None, dt.datetime.now(dt.UTC))
        delivery.sent(dt.datetime.now(dt.UTC), code)

    def _of_day(self, company: str, delivery: Delivery) -> bool:
        """Whether the company may send one more today; else it is put off to tomorrow."""
        day = dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        most = self.a_day - int(self.a_day * self.left)
        allowance = self._days.get((company, day), 0) or take_of_day(self.runtime.database, company, day, most)
        if allowance == 0:
            later = dt.timedelta(days=1, seconds=random.uniform(0, DAY_SPREAD_SECONDS))
            delivery.wait(day + later, DAY_SPENT)
            return False
        self._days[(company, day)] = allowance - 1
        return True

    def _lane(self, company: str, account: AnyAccount) -> Lane:
        """Known by the sealed secret, of which no two are alike: an account may have been removed and made anew.

        Raises Conflict("secret_unstorable") where it can't be opened.
        """
        key = (company, account.id, account.sealed)
        if key not in self._lanes:
            self._lanes[key] = Lane(self.transport_of(company, account))
        return self._lanes[key]

    def _held(self, company: str, account: AnyAccount, lane: Lane) -> tuple[dt.datetime, str] | None:
        """Until when the account sends no more, and why; None where it may send now."""
        now = dt.datetime.now(dt.UTC)
        rest = lane.rests_until - time.monotonic()
        if rest > 0:
            return now + dt.timedelta(seconds=rest + random.uniform(0, BUSY_SECONDS)), "account_resting"
        if lane.busy >= self.at_once:
            return now + dt.timedelta(seconds=BUSY_SECONDS), "account_busy"
        minute = now.replace(second=0, microsecond=0)
        if lane.minute != minute or lane.allowance == 0:
            left = int(account.per_minute * self.left)
            lane.minute = minute
            lane.allowance = take_allowance(self.runtime.database, company, account, minute, left)
        if lane.allowance == 0:
            later = minute + dt.timedelta(seconds=60 + random.uniform(0, SPREAD_SECONDS))
            return later, "account_rate"
        lane.allowance -= 1
        return None

    def _note_failure(self, company: str, account: AnyAccount, lane: Lane, error: Failed) -> None:
        failure = error.failure
        if failure.permanent or failure.deferred:  # of this mail alone
            return
        lane.rest()
        if failure.code == ACCOUNT_REFUSED:
            said = one_line(failure.reason or failure.code, MAX_REASON)
            note_sign_in(self.runtime.database, company, account, said, dt.datetime.now(dt.UTC))


def transport_maker(seconds: float) -> Callable[[str, AnyAccount], Transport]:
    """`seconds`: the deadline of a sending."""
    return partial(_transport, seconds)


def _transport(seconds: float, company: str, account: AnyAccount) -> Transport:
    if isinstance(account, WhatsAppAccount):
        return Messenger(api_of(account, secrets_of(company, account)), seconds)
    return Mailer(server_of(account, password_of(company, account)), account.sender, seconds)
