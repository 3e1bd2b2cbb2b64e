"""How long a connection may take, and how much memory and disk it may use."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits in seconds and bytes.

    A transfer goes on as long as each `pace_seconds` bring `pace_bytes`, and for `transfer_seconds` at most.
    """

    head_seconds: float = 10.0
    pace_seconds: float = 10.0
    pace_bytes: int = 4 << 10
    transfer_seconds: float = 1800.0
    # After a refusal: how long and how much is still read away, so that the client reads the refusal.
    farewell_seconds: float = 15.0
    farewell_bytes: int = 128 << 20
    head_bytes: int = 32 << 10
    # The most of one body or answer in memory; the rest is in an unnamed temporary file.
    memory_bytes: int = 256 << 10
    # The most of one answer that its client has not taken; beyond it the thread that makes the answer waits.
    unsent_bytes: int = 16 << 20
    # The most of all bodies and answers of one process.
    spool_bytes: int = 1 << 30
    # The most connections from one address; 0: no limit of its own.
    per_address: int = 256


def of_environment() -> Limits:
    """The limits by the operator's VINCULO_... variables.

    Behind our proxies all connections come from a few addresses, so these are not limited by default.
    """
    proxies = int(os.environ.get("VINCULO_TRUSTED_PROXIES", "0"))
    per_address = os.environ.get("VINCULO_CONNECTIONS_PER_ADDRESS", "0" if proxies else str(Limits.per_address))
    return Limits(
        head_seconds=float(os.environ.get("VINCULO_HEAD_SECONDS", str(Limits.head_seconds))),
        pace_seconds=float(os.environ.get("VINCULO_PACE_SECONDS", str(Limits.pace_seconds))),
        spool_bytes=int(os.environ.get("VINCULO_SPOOL_BYTES", str(Limits.spool_bytes))),
        per_address=int(per_address),
    )
