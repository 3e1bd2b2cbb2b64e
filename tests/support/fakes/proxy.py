"""A TCP proxy that can fall silent: bytes stop, connections stay open, no RST and no FIN.

Knows nothing of what passes through it.
"""

from __future__ import annotations

import socket
import threading
import time
from typing import Literal

Direction = Literal["up", "down"]
BOTH: tuple[Direction, Direction] = ("up", "down")
CHUNK = 65_536


class _Pair:
    """A client's connection and its twin to the target."""

    def __init__(self, client: socket.socket, target: socket.socket) -> None:
        self.ends = {"up": (client, target), "down": (target, client)}
        self.open = {"up": threading.Event(), "down": threading.Event()}
        for gate in self.open.values():
            gate.set()
        for direction in BOTH:
            threading.Thread(target=self._pump, args=(direction,), daemon=True).start()

    def _pump(self, direction: Direction) -> None:
        source, sink = self.ends[direction]
        try:
            while chunk := source.recv(CHUNK):
                self.open[direction].wait()
                sink.sendall(chunk)
        except OSError:
            pass
        # The end of a connection is silent too while its direction is frozen.
        self.open[direction].wait()
        self.close()

    def close(self) -> None:
        for end in self.ends["up"]:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()


class Proxy:
    """Listens on a free port of loopback and forwards to `target`."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._pairs: list[_Pair] = []
        self._frozen: set[Direction] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._listener.getsockname()
        threading.Thread(target=self._accept, daemon=True).start()

    def freeze(self, *directions: Direction, new: bool = False) -> int:
        """Silences the live connections (and, with `new`, those to come); how many were live."""
        chosen = directions or BOTH
        for pair in self._pairs:
            for direction in chosen:
                pair.open[direction].clear()
        if new:
            self._frozen |= set(chosen)
        return len(self._pairs)

    def thaw(self) -> None:
        """Held bytes go on; a connection that ended meanwhile ends now."""
        self._frozen.clear()
        for pair in self._pairs:
            for gate in pair.open.values():
                gate.set()

    def close(self) -> None:
        self._listener.close()
        self.thaw()
        for pair in self._pairs:
            pair.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                target = socket.create_connection(self._target, 5)
                target.settimeout(None)
            except OSError:
                client.close()
                time.sleep(0.05)
                continue
            pair = _Pair(client, target)
            for direction in self._frozen:
                pair.open[direction].clear()
            self._pairs.append(pair)
