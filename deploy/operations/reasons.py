"""Why something was given up, in an operator's words, and what to do about it (docs/dead-letters.md says more)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    meaning: str
    next: str


REQUEUE = "then requeue"
DEFECT = Reason(
    "a defect of ours: the handler raised this class; the service's log has it under `event failed` or `work failed`",
    f"deploy the correction, {REQUEUE}",
)
RULE = Reason("a rule of the service refused it, again and again", f"look at the record, {REQUEUE}")

REASONS = {
    "message_unreadable": Reason(
        "not JSON, or a request that is none; a request's caller was already refused", "find the sender; drop it"
    ),
    "signature_invalid": Reason(
        "the sender's key is not known to this service, or somebody else wrote the message",
        "is the public key of the sender's VINCULO_SENDER_KEY in this service's VINCULO_PUBLIC_KEYS? "
        f"`vinculo keys check` compares; put it there, restart the service, {REQUEUE}",
    ),
    "input_invalid": Reason(
        "the event's data does not fit what this version of the service reads",
        f"deploy a version that reads it, {REQUEUE}",
    ),
    "delivery_limit": Reason(
        "the broker gave up: the process that handled it died each time",
        f"look at the service's restarts (memory?), {REQUEUE}",
    ),
    "expired": Reason(
        "its sender gave it less time than it had to wait; no message of ours has an expiration in an event's queue",
        f"find the sender; {REQUEUE} if the event is to be heard all the same",
    ),
    "message_refused": Reason(
        "the broker takes it from nobody: it is too big, or its exchange is missing",
        f"`vinculo topology check`, or a corrected version; {REQUEUE}",
    ),
    "delivery_dead": Reason("all attempts of an e-mail failed", f"mend the mail server (VINCULO_SMTP_URL), {REQUEUE}"),
    "process_ended": Reason(
        "begun again and again without an end: the process died each time",
        f"look at the service's restarts (memory?), {REQUEUE}",
    ),
    "DeadlinePassed": Reason(
        "it outlived its deadline and was broken off each time", f"look at what it waits for, {REQUEUE}"
    ),
}


def reason_of(error: str) -> Reason:
    """A code is one of ours, or a rule's; what begins with a capital is a Python class."""
    return REASONS.get(error) or (DEFECT if error[:1].isupper() else RULE)
