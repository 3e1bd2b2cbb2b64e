"""Ids that say when they were made (UUIDv7, RFC 9562), as 32 hex digits: the milliseconds lead.

No framework may enter: domains derive ids here too.
"""

from __future__ import annotations

import re
import secrets
import time
import uuid

BY_TIME = re.compile("[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}")


def new_id() -> str:
    """Unlike any other, for 74 of its bits are drawn."""
    drawn = secrets.randbits(74)
    high, low = drawn >> 62, drawn & (1 << 62) - 1
    return f"{_milliseconds():012x}7{high:03x}{1 << 63 | low:016x}"


def derived(namespace: uuid.UUID, name: str, after: str) -> str:
    """The same for the same name: a uuid5, which bears the time of the id `after` where that says one."""
    digits = uuid.uuid5(namespace, name).hex
    return f"{after[:12]}7{digits[13:]}" if BY_TIME.fullmatch(after) else digits


def age(record_id: str) -> float | None:
    """Seconds since the id was made, by our clock (negative: by a faster one); None where it says nothing."""
    if not BY_TIME.fullmatch(record_id):
        return None
    return (_milliseconds() - int(record_id[:12], 16)) / 1000


def _milliseconds() -> int:
    return time.time_ns() // 1_000_000
