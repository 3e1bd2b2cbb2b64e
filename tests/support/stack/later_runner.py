"""Runs a service as services/chassis/process/runner.py does, as its next version might be: whatever it writes and
announces has fields that this version does not know (tests/support/later.py).

The runner comes first: it patches before anything else is imported.
"""

from __future__ import annotations

from contextlib import ExitStack

from services.chassis.process import runner


def main() -> None:
    from tests.support import later

    with ExitStack() as patches:
        for writing in later.writings():
            patches.enter_context(writing)
        runner.main()


if __name__ == "__main__":
    main()
