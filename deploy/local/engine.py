# SPDX-License-Identifier: MIT
"""SecantusDB's own program (`secantusd-py`) with two changes; database.py starts it.

Under MIT, because it is one work with SecantusDB, which is under GPL-2.0-only (docs/licences.md): nothing imports it.

**Larger pages in memory.** SecantusDB 0.7.0b3 lets WiredTiger 11.2.0 split a page in memory at its default of 5 MB. A
reader of such a page tries ten times to split it, sleeps 55 ms altogether, and holds the lock of the whole engine while
it sleeps. The split needs a moment in which no cursor stands on the page, and the cursors of all who wait for that lock
stand on it. So after some 1,800 entries without a pause, the engine answered late, or not at all for half a minute,
until its next checkpoint. With larger pages that needs ten times the data in one run; after a restart pages are small.

**Expired transactions end by themselves**, as MongoDB's do. SecantusDB ends them when another transaction begins or
ends. Where a killed process left a transaction, and the rows that it locked were all the work that was left, that never
came: each claim of the work waited in vain.
"""

from __future__ import annotations

import sys
import threading
import time
from typing import Any

import wiredtiger
from secantus.cli import main
from secantus.transactions import TransactionRegistry

PAGE = "memory_page_max=64MB"
REAP_SECONDS = 5.0


def enlarge_pages() -> None:
    """Every table that the engine creates from now on has PAGE in its configuration; those that exist keep theirs."""
    create = wiredtiger.Session.create

    def create_with_page(session: Any, name: str, config: str | None = None) -> Any:
        return create(session, name, ",".join(filter(None, (config, PAGE))))

    wiredtiger.Session.create = create_with_page


def reap_transactions() -> None:
    """Every registry of transactions that the engine makes from now on ends the expired ones, every REAP_SECONDS."""
    make = TransactionRegistry.__init__

    def make_with_reaper(registry: Any, *args: Any, **options: Any) -> None:
        make(registry, *args, **options)
        threading.Thread(target=_reap, args=(registry,), name="reaper", daemon=True).start()

    TransactionRegistry.__init__ = make_with_reaper


def _reap(registry: Any) -> None:
    while True:
        time.sleep(REAP_SECONDS)
        registry.prune_expired()


if __name__ == "__main__":
    enlarge_pages()
    reap_transactions()
    sys.exit(main())
