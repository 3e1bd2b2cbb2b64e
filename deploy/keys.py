"""New keys for the bus: `python -m deploy.keys [PROCESS ...]` prints the environment of each process (ADR 0024)."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from services.catalogue import SERVICES
from services.chassis.access.keyring import GATEWAY, new_seed, public_of

SENDERS = (GATEWAY, *SERVICES)


def new_seeds(senders: tuple[str, ...] = SENDERS) -> dict[str, str]:
    """Each sender's own key."""
    return {sender: new_seed() for sender in senders}


def shared(seeds: Mapping[str, str]) -> dict[str, str]:
    """The setting that all processes have."""
    known = ",".join(f"{sender}:{public_of(seed)}" for sender, seed in seeds.items())
    return {"VINCULO_PUBLIC_KEYS": known}


def own(seeds: Mapping[str, str], sender: str) -> dict[str, str]:
    """The setting that only this process has."""
    return {"VINCULO_SENDER_KEY": seeds[sender]}


def main(names: Sequence[str]) -> None:
    """Of all processes, or of those named, whose public keys are then put beside the known ones."""
    if unknown := sorted({*names} - {*SENDERS}):
        sys.exit(f"no such process: {', '.join(unknown)}; there are {', '.join(SENDERS)}")
    seeds = new_seeds(tuple(names) or SENDERS)
    for name, value in shared(seeds).items():
        print(f"# all\n{name}={value}")
    for sender in seeds:
        print(f"# {sender} only\nVINCULO_SENDER_KEY={own(seeds, sender)['VINCULO_SENDER_KEY']}")


if __name__ == "__main__":
    main(sys.argv[1:])
