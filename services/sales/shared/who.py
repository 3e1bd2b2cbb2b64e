"""The author of an action: a user, or a customer.

No framework, store or clock may enter.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Who:
    """`name`: as it was at the time of the action."""

    id: str
    name: str
