"""Sends a delivery through its account's server. Each account has its own limits and waits, so that one that is slow,
full or down delays no other.
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
# How many of the process's senders one account may use at a time.
AT_ONCE = 3
BUSY_SECONDS = 1.0
# After a failure of the account, not of one mail, the account's other mails wait so long, twice as long each time.
BACK_OFF_SECONDS, LONGEST_BACK_OFF = 5.0, 300.0
# Mails beyond the limit of a minute are tried again within so many seconds of the next minute.
SPREAD_SECONDS = 20.0
# Mails beyond the limit of a day are tried again within so many seconds of the next day; the log shows this code.
DAY_SPREAD_SECONDS = 900.0
DAY_SPENT = "company_day_spent"
MOST_COMPANIES = 2_000


@dataclass
class AccountState:
    """What this process knows of one account: its limits and waits."""

    transport: Transport
    busy: int = 0
    failures: int = 0
    backs_off_until: float = 0.0
    minute: dt.datetime | None = None
    allowance: int = 0

    def back_off(self) -> None:
        self.failures += 1
        self.backs_off_until = time.monotonic() + min(BACK_OFF_SECONDS * 2 ** (self.failures - 1), LONGEST_BACK_OFF)

    def reset_back_off(self) -> None:
        self.failures, self.backs_off_until = 0, 0.0


@dataclass
class PostOffice:
    """Sends through the delivery's account, or the installation's mail server where `account` is None.

    `transport_of(company, account)` makes the transport of an account. `at_once`: how many deliveries of one account
    are sent at the same time; `left`: the part (0 to 1) of an account's rate that is left to other senders. `a_day`:
    how many mails a company may send through the installation's account in a day (UTC); 0 for any number.
    """

    runtime: Runtime
    installation: Transport
    transport_of: Callable[[str, AnyAccount], Transport]
    at_once: int = AT_ONCE
    left: float = 0.0
    a_day: int = 0
    _accounts: LRUCache[tuple[str, str, str], AccountState] = field(default_factory=lambda: LRUCache(MOST_ACCOUNTS))
    # by company and day: how many mails this process may still send
    _days: LRUCache[tuple[str, dt.datetime], int] = field(default_factory=lambda: LRUCache(MOST_COMPANIES))

    def send(self, company: str, account: AnyAccount | None, delivery: Delivery, enclosure: Enclosure | None) -> None:
        """Records the sending or the postponement in the delivery; raises Failed after a failed attempt."""
        if account is None:
            delivery.account_id = INSTALLATION
            if self.a_day and not self._take_from_day(company, delivery):
                return
            delivery.sent(dt.datetime.now(dt.UTC), self.installation.send(delivery, enclosure))
            return
        delivery.account_id = account.id
        state = self._state_of(company, account)
        postponement = self._postponement(company, account, state)
        if postponement is not None:
            delivery.wait(*postponement)
            return
        state.busy += 1
        try:
            code = state.transport.send(delivery, enclosure)
        except Failed as error:
            self._note_failure(company, account, state, error)
            raise
        finally:
            state.busy -= 1
        state.reset_back_off()
        if account.refused:
            note_sign_in(self.runtime.database, company, account, None, dt.datetime.now(dt.UTC))
        delivery.sent(dt.datetime.now(dt.UTC), code)

    def _take_from_day(self, company: str, delivery: Delivery) -> bool:
        """Takes one mail from the company's limit of today; returns False after postponing the delivery to tomorrow."""
        day = dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        most = self.a_day - int(self.a_day * self.left)
        allowance = self._days.get((company, day), 0) or take_of_day(self.runtime.database, company, day, most)
        if allowance == 0:
            later = dt.timedelta(days=1, seconds=random.uniform(0, DAY_SPREAD_SECONDS))
            delivery.wait(day + later, DAY_SPENT)
            return False
        self._days[(company, day)] = allowance - 1
        return True

    def _state_of(self, company: str, account: AnyAccount) -> AccountState:
        """By account and encrypted secret, which is unique: an account may have been removed and created again.

        Raises Conflict("secret_unstorable") where the secret cannot be decrypted.
        """
        key = (company, account.id, account.sealed)
        if key not in self._accounts:
            self._accounts[key] = AccountState(self.transport_of(company, account))
        return self._accounts[key]

    def _postponement(self, company: str, account: AnyAccount, state: AccountState) -> tuple[dt.datetime, str] | None:
        """Until when (UTC) the account sends nothing, and the code of why; None where it may send now."""
        now = dt.datetime.now(dt.UTC)
        back_off = state.backs_off_until - time.monotonic()
        if back_off > 0:
            return now + dt.timedelta(seconds=back_off + random.uniform(0, BUSY_SECONDS)), "account_resting"
        if state.busy >= self.at_once:
            return now + dt.timedelta(seconds=BUSY_SECONDS), "account_busy"
        minute = now.replace(second=0, microsecond=0)
        if state.minute != minute or state.allowance == 0:
            left = int(account.per_minute * self.left)
            state.minute = minute
            state.allowance = take_allowance(self.runtime.database, company, account, minute, left)
        if state.allowance == 0:
            later = minute + dt.timedelta(seconds=60 + random.uniform(0, SPREAD_SECONDS))
            return later, "account_rate"
        state.allowance -= 1
        return None

    def _note_failure(self, company: str, account: AnyAccount, state: AccountState, error: Failed) -> None:
        failure = error.failure
        if failure.permanent or failure.deferred:  # of this mail alone
            return
        state.back_off()
        if failure.code == ACCOUNT_REFUSED:
            said = one_line(failure.reason or failure.code, MAX_REASON)
            note_sign_in(self.runtime.database, company, account, said, dt.datetime.now(dt.UTC))


def transport_maker(seconds: float) -> Callable[[str, AnyAccount], Transport]:
    """Makes the transports of accounts; `seconds` is the deadline of one sending."""
    return partial(_transport, seconds)


def _transport(seconds: float, company: str, account: AnyAccount) -> Transport:
    if isinstance(account, WhatsAppAccount):
        return Messenger(api_of(account, secrets_of(company, account)), seconds)
    return Mailer(server_of(account, password_of(company, account)), account.sender, seconds)
