"""Runs a service as services/chassis/process/runner.py does, with short pauses of its jobs (stack/pauses.py).

The runner comes first: it patches before anything else is imported.
"""

from __future__ import annotations

import sys

from services.chassis.process import runner


def main() -> None:
    from tests.support.stack import pauses

    with pauses.shortened(pauses.SHORT, sys.argv[1].rpartition(".")[0]):
        runner.main()


if __name__ == "__main__":
    main()
