"""Of notifications: deliveries and mailings."""

from __future__ import annotations

from typing import Any

from services.notifications.deliveries import model as notifications
from services.notifications.deliveries.model import QUEUED, Delivery, Failure
from services.notifications.mailings import model as mailings
from services.notifications.mailings.model import GATHERING, WAITING, Mailing
from services.notifications.personal_data import INVENTORY
from tests.architecture.machines.driving import COMMON, NOW, Machine, Samples, methods_of, one, when

SENDING = (
    "sent",
    "failed",
    "suppress",
    "wait",
    "mark_accepted",
    "mark_delivered",
    "mark_read",
    "mark_undelivered",
    "bounce",
    "retry",
)

METHODS = [name for name, method in vars(Mailing).items() if callable(method)]


def delivery() -> Machine:
    """It is sent while it is pending (chassis/jobs/leased.py); parked when its tries are used up, and requeued by hand
    (chassis/jobs/parking.py); ended by an erasure as its holding says."""
    (holding,) = (one for one in INVENTORY if one.collection == "deliveries")

    def pending(record: Delivery) -> bool:
        return record.next_at is not None

    def erase(record: Delivery) -> None:
        for name, value in {**holding.ends, "next_at": None}.items():
            setattr(record, name, value)

    def parked(record: Delivery) -> bool:
        return record.given_up and not pending(record)

    samples: Samples = {
        **COMMON, "failure": [Failure("x"), Failure("x", permanent=True), Failure("x", deferred=True)], "until": [NOW],
        "code": ["DSN 5.1.1"],
    }  # fmt: skip
    told, by_hand = ("mark_accepted", "mark_delivered", "mark_read", "mark_undelivered", "bounce"), ("retry",)
    return Machine(
        begin=("queue", lambda _: Delivery(
            "d1", "p1", "email", "a@x.example", "x", "x", QUEUED, 0, None, "<d1@vinculo>", NOW, None, NOW)),
        steps=[
            *when(pending, methods_of(Delivery, samples, apart=(*told, *by_hand))),
            *methods_of(Delivery, samples, apart=[name for name in SENDING if name not in told]),
            *methods_of(Delivery, samples, apart=[name for name in SENDING if name not in by_hand]),
            *when(pending, [("erase", erase)]),
            *when(parked, [("requeue", lambda record: setattr(record, "next_at", NOW))]),
        ],
        seen=one(lambda record: record.status),
        facts=lambda record: (
            record.status, max(record.max_attempts - record.attempts, 0), record.refused, record.next_at is None,
            record.next_at == record.retry_at),
        states=set(notifications.DELIVERY_STATUSES),
    )  # fmt: skip


def mailing() -> Machine:
    """Batches and refusals count while they are gathered (mailings/subscribers.py); the mailer finishes it."""
    samples: Samples = {
        **COMMON, "changes": [{"subject": "x"}], "gathering_id": ["g1"], "number": [1], "last": [False, True],
        "counts": [{WAITING: 1}], "problem": ["rights_missing"], "link_base": ["https://x.example"],
    }  # fmt: skip
    of_people = ("add_batch", "give_up_gathering")
    pure = ("is_gathering", "count", "copy", "token", "is_own_signature")

    def gathers(record: Mailing) -> bool:
        return record.state == GATHERING

    who: dict[str, Any] = {"created_by": "u1", "created_by_name": "Ana", "created_at": NOW, "updated_at": NOW}
    text: dict[str, Any] = {"subject": "x", "text": "x", "header": "", "responsible": "x"}
    return Machine(
        begin=("create", lambda _: Mailing("m1", "free", purpose="marketing", order="name", filter={}, **text, **who)),
        steps=[
            *methods_of(Mailing, samples, apart=(*of_people, *pure)),
            *when(gathers, methods_of(Mailing, samples, apart=[name for name in METHODS if name not in of_people])),
        ],
        seen=one(lambda record: record.state),
        facts=lambda record: (record.state, bool(record.counts), record.batches == record.batches_total),
        states=set(mailings.STATES),
    )
