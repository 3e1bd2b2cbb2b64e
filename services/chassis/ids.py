"""Ids that hold the time of their making: UUIDv7 (RFC 9562) as 32 hex digits, of which the milliseconds come first.

No framework may enter, since models derive ids here too.
"""

from __future__ import annotations

import re
import secrets
import time
import uuid

BY_TIME = re.compile("[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}")


def new_id() -> str:
    """A new id; 74 of its bits are random."""
    bits = secrets.randbits(74)
    high, low = bits >> 62, bits & (1 << 62) - 1
    return f"{_milliseconds():012x}7{high:03x}{1 << 63 | low:016x}"


def derived(namespace: uuid.UUID, name: str, after: str) -> str:
    """An id that follows from its arguments: a uuid5 of the name, with the time of the id `after`, if that has one."""
    digits = uuid.uuid5(namespace, name).hex
    return f"{after[:12]}7{digits[13:]}" if BY_TIME.fullmatch(after) else digits


def age(record_id: str) -> float | None:
    """Seconds since the id was made, by our clock (negative: made by a faster one); None for an id without a time."""
    if not BY_TIME.fullmatch(record_id):
        return None
    return (_milliseconds() - int(record_id[:12], 16)) / 1000


def _milliseconds() -> int:
    return time.time_ns() // 1_000_000
