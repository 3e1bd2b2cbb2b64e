"""What sends a delivery over its channel: an adapter for each (smtp.py). Pure."""

from __future__ import annotations

from typing import Protocol

from services.notifications.deliveries.model import Delivery, Enclosure, Failure


class Failed(Exception):
    """The attempt did not succeed; `failure` says whether and when another one may."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.code)
        self.failure = failure


class Transport(Protocol):
    """One channel, or one account of it."""

    @property
    def longest(self) -> float:
        """The longest time that `send` can take, in seconds."""

    def send(self, delivery: Delivery, enclosure: Enclosure | None) -> str:
        """The server's code; raises Failed. After a deadline the server may have taken the message all the same."""
