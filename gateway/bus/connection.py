"""pika's connection with grouped writes: pika alone writes each of a message's three frames by itself, fifteen for a
person view.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pika.adapters.select_connection import SelectConnection


class Connection(SelectConnection):
    """Overrides `_adapter_emit_data`, by which pika sends each frame; pika's version is pinned."""

    _held: list[bytes] | None = None

    @contextmanager
    def together(self) -> Iterator[None]:
        """Sends the frames of the block by one write at its end, in their order, also where the block fails."""
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
