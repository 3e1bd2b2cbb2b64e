"""Who did something: a user, or a customer.

No framework, store or clock may enter.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Who:
    """As they were called then."""

    id: str
    name: str
