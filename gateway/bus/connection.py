"""pika's connection, which says what belongs together in one write: it would write each of a message's three frames
alone, fifteen for a person view.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pika.adapters.select_connection import SelectConnection


class Connection(SelectConnection):
    """`_adapter_emit_data` is where pika's frames leave; the version is pinned."""

    _held: list[bytes] | None = None

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is sent in the block leaves at its end, in its order, also where the block fails."""
        held: list[bytes] = []
        self._held = held
        try:
            yield
        finally:
            self._held = None
            if held:
                self._adapter_emit_data(b"".join(held))

    def _adapter_emit_data(self, data: bytes) -> None:
        if self._held is None:
            super()._adapter_emit_data(data)
        else:
            self._held.append(data)
