"""The keys of a system under test: each sender's own, and what all know."""

from __future__ import annotations

from deploy import keys
from services.chassis.access.keyring import GATEWAY, Keyring, public_of


class WireKeys:
    def __init__(self, *more: str) -> None:
        """`more`: senders beside the gateway and the five services."""
        self.seeds = keys.new_seeds((*keys.SENDERS, *more))

    def shared(self) -> dict[str, str]:
        """The settings of every process."""
        return keys.shared(self.seeds)

    def own(self, sender: str) -> dict[str, str]:
        """The setting of one process; none for what speaks on no bus."""
        return keys.own(self.seeds, sender) if sender in self.seeds else {}

    def ring(self, sender: str = GATEWAY) -> Keyring:
        known = [f"{name}:{public_of(seed)}" for name, seed in self.seeds.items()]
        return Keyring.of(self.seeds[sender], known)
