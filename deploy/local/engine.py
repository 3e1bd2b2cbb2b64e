# SPDX-License-Identifier: MIT
"""SecantusDB's own program (`secantusd-py`), with larger pages in its memory. database.py starts it.

Under MIT, because it is one work with SecantusDB, which is under GPL-2.0-only (docs/licences.md): nothing imports it.

SecantusDB 0.7.0b3 lets WiredTiger 11.2.0 split a page in memory at its default of 5 MB. A reader of such a page tries
ten times to split it, sleeps 55 ms altogether, and holds the lock of the whole engine while it sleeps. The split needs
a moment in which no cursor stands on the page, and the cursors of all who wait for that lock stand on it. So after some
1,800 entries without a pause, the engine answered late, or not at all for half a minute, until its next checkpoint.
With larger pages that needs ten times the data in one run; after a restart pages are small.
"""

from __future__ import annotations

import sys
from typing import Any

import wiredtiger
from secantus.cli import main

PAGE = "memory_page_max=64MB"


def enlarge_pages() -> None:
    """Every table that the engine creates from now on has PAGE in its configuration; those that exist keep theirs."""
    create = wiredtiger.Session.create

    def create_with_page(session: Any, name: str, config: str | None = None) -> Any:
        return create(session, name, ",".join(filter(None, (config, PAGE))))

    wiredtiger.Session.create = create_with_page


if __name__ == "__main__":
    enlarge_pages()
    sys.exit(main())
