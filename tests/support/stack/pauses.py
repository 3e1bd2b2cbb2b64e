"""The pauses of background jobs, as tests have them: what waits for minutes in production is tried again at once.

Only what no setting says. A pause that a test looks at stays as it is.
"""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager, ExitStack
from importlib import import_module
from typing import Any
from unittest import mock

# By module and constant.
SHORT: dict[tuple[str, str], Any] = {
    ("services.sales.nfe.authority_work", "BACK_OFF"): (0.2, 0.2, 0.5, 1),
    ("services.notifications.webhooks.jobs", "IDLE"): dt.timedelta(seconds=0.2),
    ("services.notifications.deliveries.model", "UNREACHED"): [
        dt.timedelta(seconds=seconds) for seconds in (1, 1, 5, 30, 30, 30, 30, 30, 30)
    ],
}
# Where one thread does everything, so that what was stored before is there.
IN_ONE_THREAD: dict[tuple[str, str], Any] = {
    **SHORT,
    ("services.notifications.webhooks.jobs", "SETTLE"): dt.timedelta(0),
    ("services.notifications.webhooks.repository", "SETTLE"): dt.timedelta(0),
}


def shortened(pauses: dict[tuple[str, str], Any], package: str = "services") -> AbstractContextManager[Any]:
    """Those of the modules of a package, in this process."""
    patches = ExitStack()
    for (module, name), pause in pauses.items():
        if module.startswith(f"{package}."):
            patches.enter_context(mock.patch.object(import_module(module), name, pause))
    return patches
