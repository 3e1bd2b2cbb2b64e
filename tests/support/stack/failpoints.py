"""Ends a service's process at the step of a unit of work that VINCULO_FAILPOINT names, for chaos tests only.

`FailingRuntime` replaces the runtime of a real service's subclass (support/fakes/doomed.py) or of the probe; it lives
here and never in a production module. VINCULO_FAILPOINT is "<step>"; the first unit of work that announces something
ends there.
"""

from __future__ import annotations

import os
from typing import Any

from services.chassis.handling.session import Session
from services.chassis.process.runtime import Runtime

FAILPOINT = os.environ.get("VINCULO_FAILPOINT", "")
FAILPOINTS = ("before_commit", "after_commit", "before_publish", "after_publish", "after_delete")


def fail_here(step: str) -> None:
    if step == FAILPOINT:
        os._exit(9)


class FailingRuntime(Runtime):
    """Ends the process at the step that VINCULO_FAILPOINT names."""

    def setup(self) -> None:
        super().setup()
        relay, outbox = self.relay, self.relay._outbox

        class Outbox:
            def delete_many(self, where: dict[str, Any]) -> None:
                fail_here("after_publish")
                outbox.delete_many(where)
                fail_here("after_delete")

        relay._outbox = Outbox()  # type: ignore[assignment]

    def hand_over(self, session: Session) -> None:
        if session.pending:
            fail_here("after_commit")
        publish = self.publisher.publish

        def watched(*arguments: Any) -> None:
            fail_here("before_publish")
            publish(*arguments)

        if FAILPOINT == "before_publish":
            self.publisher.publish = watched  # type: ignore[method-assign, assignment]
        super().hand_over(session)
