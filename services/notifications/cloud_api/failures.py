"""What an error of the Cloud API means for a delivery: for good, later, or the account's own trouble. Pure.

The codes are Meta's ("Error Codes" of the WhatsApp Business Platform). What is not listed is tried again where the API
says 5xx, and is final otherwise: a request that it calls wrong stays wrong.
"""

from __future__ import annotations

import datetime as dt
import re

from services.notifications.deliveries.model import Failure

ACCOUNT_REFUSED = "account_refused"
NUMBER = re.compile(r"\+?[0-9]{8,}")
# Errors of the token, its rights, the app, the number or the business account: no message is sent through the account
# until a user has repaired it.
ACCOUNT = frozenset({0, 3, 10, 190, 368, 131005, 131031, 131042, 131045, 133010, *range(200, 300)})
# The rate limit of the whole account: all of its messages wait.
ACCOUNT_RATES = frozenset({4, 80007, 130429, 131048})
# The rate limit of one recipient: too fast (131056), or too many for now (131049).
RECIPIENT_RATES = {131056: dt.timedelta(minutes=1), 131049: dt.timedelta(hours=24)}
TEMPORARY = frozenset({1, 2, 131000, 131016, 133004})
# Words of ours for what a person is told most.
WORDS = {
    131047: "whatsapp_window_closed",
    131026: "whatsapp_undeliverable",
    131050: "whatsapp_opted_out",
    132001: "whatsapp_template_unknown",
}


def failure_of(status: int, code: int, said: str = "", wait: dt.timedelta | None = None) -> Failure:
    """`status`: of HTTP, 0 for an error in a callback. Without an error code the status decides."""
    word, said = f"WhatsApp {code or status}", NUMBER.sub("…", said)
    if code in RECIPIENT_RATES:
        return Failure(word, said, deferred=True, wait=wait or RECIPIENT_RATES[code])
    if code in ACCOUNT_RATES or status == 429:
        return Failure(word, said, wait=wait)
    if code in ACCOUNT and (code or status in (401, 403)):
        return Failure(ACCOUNT_REFUSED, f"{word} {said}", wait=wait)
    if code in TEMPORARY or status >= 500:
        return Failure(word, said, wait=wait)
    return Failure(WORDS.get(code, word), f"{word} {said}", permanent=status != 0 or code != 0)
