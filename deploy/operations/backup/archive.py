"""The file of a backup: a line that says what it is, then frames of compressed bytes, encrypted where a key is given.

Each frame is bound to the file's first line, to its place and to whether it is the last: one that is changed, missing,
moved, or of another file is refused. Encrypted by AES-256-GCM under a key that scrypt makes of the operator's; without
a key each frame bears a SHA-256 instead, which finds damage, not malice.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import struct
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import click
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"VINCULO-BACKUP\n"
FORMAT = 1
FRAME_BYTES = 1 << 20
# A frame's length, and whether it is the last one.
HEAD = struct.Struct(">I?")
# What a damaged length may ask for at most.
MOST_FRAME_BYTES = FRAME_BYTES + 1024
MOST_HEADER_BYTES = 4096
PIECE_BYTES = 4 << 20
SHORTEST_KEY = 16
# What trying a key costs: of memory 32 MiB (n * r * 128).
KEY_COST = 2**15
_HEX = re.compile("([0-9a-f]{32})?", re.ASCII)


class Refused(click.ClickException):
    """The file can't be used; the text says why. Nothing was written."""


@dataclass(frozen=True)
class Header:
    """`made` is ISO 8601, UTC; `company` an id, None for all; `check` tells a wrong key from a damaged file."""

    made: str
    company: str | None
    salt: str = ""
    check: str = ""
    format: int = FORMAT

    @property
    def encrypted(self) -> bool:
        return bool(self.check)

    @property
    def is_readable(self) -> bool:
        """Whether its members are what they are called, as after a damage they may not be."""
        texts = isinstance(self.made, str) and isinstance(self.company, str | None)
        return texts and all(_HEX.fullmatch(str(one)) for one in (self.salt, self.check))

    def line(self) -> bytes:
        return json.dumps(asdict(self), sort_keys=True).encode() + b"\n"


class Seal:
    """Closes and opens the frames of one file."""

    def __init__(self, line: bytes, cipher: AESGCM | None) -> None:
        self._line = line
        self._cipher = cipher
        self._number = 0

    def close(self, data: bytes, last: bool) -> bytes:
        nonce, bound = self._next(last)
        if self._cipher:
            return self._cipher.encrypt(nonce, data, bound)
        return data + _digest(nonce, bound, data)

    def open(self, sealed: bytes, last: bool) -> bytes:
        """Raises Refused."""
        nonce, bound = self._next(last)
        if self._cipher:
            try:
                return self._cipher.decrypt(nonce, sealed, bound)
            except InvalidTag as error:
                raise Refused(f"the file is damaged in part {self._number}") from error
        data, digest = sealed[:-32], sealed[-32:]
        if not hmac.compare_digest(digest, _digest(nonce, bound, data)):
            raise Refused(f"the file is damaged in part {self._number}")
        return data

    def _next(self, last: bool) -> tuple[bytes, bytes]:
        self._number += 1
        return self._number.to_bytes(12, "big"), self._line + (b"last" if last else b"more")


def _digest(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def _cipher(key: str, salt: str) -> tuple[AESGCM, str]:
    """The cipher of a file with this salt, and what tells that the key is the right one."""
    derived = Scrypt(salt=bytes.fromhex(salt), length=64, n=KEY_COST, r=8, p=1).derive(key.encode())
    return AESGCM(derived[:32]), hashlib.sha256(derived[32:]).hexdigest()[:32]


class Writer:
    """Writes to a file beside `path`, which takes its place when all is there: half a backup never has its name."""

    def __init__(self, path: Path, made: str, company: str | None, key: str | None) -> None:
        """Raises Refused for a short key, and where the file is there already."""
        if path.exists():
            raise Refused(f"{path} is there already")
        if key is not None and len(key) < SHORTEST_KEY:
            raise Refused(f"a backup's key has {SHORTEST_KEY} characters at least")
        salt = secrets.token_hex(16) if key else ""
        cipher, check = _cipher(key, salt) if key else (None, "")
        line = Header(made, company, salt, check).line()
        self.path = path
        with _on_disk(path):
            descriptor, scratch = tempfile.mkstemp(".part", f"{path.name}.", path.parent)  # its owner's alone
        self._scratch = Path(scratch)
        self._file: IO[bytes] = os.fdopen(descriptor, "wb")
        self._file.write(MAGIC + line)
        self._seal = Seal(line, cipher)
        self._pack = zlib.compressobj(6)
        self._waiting = bytearray()

    def write(self, data: bytes) -> None:
        self._waiting += self._pack.compress(data)
        while len(self._waiting) > FRAME_BYTES:
            self._frame(bytes(self._waiting[:FRAME_BYTES]), last=False)
            del self._waiting[:FRAME_BYTES]

    def finish(self) -> None:
        self._waiting += self._pack.flush()
        while len(self._waiting) > FRAME_BYTES:
            self._frame(bytes(self._waiting[:FRAME_BYTES]), last=False)
            del self._waiting[:FRAME_BYTES]
        self._frame(bytes(self._waiting), last=True)
        with _on_disk(self.path):
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._scratch.replace(self.path)

    def abandon(self) -> None:
        """Nothing is left of it, unless it is finished."""
        with suppress(OSError):  # closing writes what waits: a full disk refuses it once more
            self._file.close()
        self._scratch.unlink(missing_ok=True)

    def _frame(self, data: bytes, last: bool) -> None:
        sealed = self._seal.close(data, last)
        with _on_disk(self.path):
            self._file.write(HEAD.pack(len(sealed), last) + sealed)


@contextmanager
def _on_disk(path: Path) -> Iterator[None]:
    """What the disk refuses is said of the file; else it would be blamed on broker or database (command.py)."""
    try:
        yield
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}") from error


def header_of(path: Path) -> Header:
    """Raises Refused for what is no backup of ours."""
    with path.open("rb") as file:
        return _header(file)[0]


def _header(file: IO[bytes]) -> tuple[Header, bytes]:
    if file.read(len(MAGIC)) != MAGIC:
        raise Refused("this is no backup of Vínculo")
    line = file.readline(MOST_HEADER_BYTES)
    try:
        header = Header(**json.loads(line))
    except (ValueError, TypeError, RecursionError) as error:
        raise Refused("the file's first line is damaged, or of a newer version") from error
    if header.format != FORMAT:
        raise Refused(f"the file is of format {header.format}; this version reads {FORMAT}")
    if not header.is_readable:
        raise Refused("the file's first line is damaged")
    return header, line


def contents(path: Path, key: str | None) -> Iterator[bytes]:
    """What was written, in pieces; raises Refused at the first thing that is not as it was written."""
    with path.open("rb") as file:
        header, line = _header(file)
        seal, unpack, last = Seal(line, _opened(header, key)), zlib.decompressobj(), False
        while not last:
            data, last = _frame(file, seal)
            yield from _unpacked(unpack, data)
        if not unpack.eof or file.read(1):
            raise Refused("the file does not end where its backup does")


def _unpacked(unpack: Any, data: bytes) -> Iterator[bytes]:
    """In pieces of a few megabytes at most, however well the data was compressed."""
    try:
        while data:
            yield unpack.decompress(data, PIECE_BYTES)
            data = unpack.unconsumed_tail
    except zlib.error as error:
        raise Refused("the file is damaged") from error


def _opened(header: Header, key: str | None) -> AESGCM | None:
    if not header.encrypted:
        return None
    if key is None:
        raise Refused("the backup is encrypted: set VINCULO_BACKUP_KEY")
    cipher, check = _cipher(key, header.salt)
    if not hmac.compare_digest(check, header.check):
        raise Refused("the key is not that of this backup")
    return cipher


def _frame(file: IO[bytes], seal: Seal) -> tuple[bytes, bool]:
    head = file.read(HEAD.size)
    if len(head) < HEAD.size:
        raise Refused("the file is cut off: its end is missing")
    length, last = HEAD.unpack(head)
    if length > MOST_FRAME_BYTES:
        raise Refused("the file is damaged")
    sealed = file.read(length)
    if len(sealed) < length:
        raise Refused("the file is cut off: its end is missing")
    return seal.open(sealed, last), last
