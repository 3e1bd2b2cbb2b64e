"""Of notifications: deliveries."""

from __future__ import annotations

from services.notifications.deliveries import model as notifications
from services.notifications.deliveries.model import MAX_ATTEMPTS, QUEUED, Delivery
from services.notifications.personal_data import INVENTORY
from tests.architecture.machines.driving import COMMON, NOW, Machine, Samples, methods_of, one, when


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

    samples: Samples = {**COMMON, "error": ["x"], "permanent": [False, True]}
    return Machine(
        begin=("queue", lambda _: Delivery(
            "d1", "p1", "email", "a@x.example", "x", "x", QUEUED, 0, None, "<d1@vinculo>", NOW, None, NOW)),
        steps=[
            *when(pending, methods_of(Delivery, samples)),
            *when(pending, [("erase", erase)]),
            *when(parked, [("requeue", lambda record: setattr(record, "next_at", NOW))]),
        ],
        seen=one(lambda record: record.status),
        facts=lambda record: (
            record.status, min(record.attempts, MAX_ATTEMPTS), record.refused, record.next_at is None),
        states={
            notifications.QUEUED, notifications.SENT, notifications.FAILED, notifications.DEAD,
            notifications.SUPPRESSED,
        },
    )  # fmt: skip
