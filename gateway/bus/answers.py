"""Reads the replies of services. An answer stays bytes, as its service wrote it, until a field of it is read.

A reply is `{"version":3,"result":{...},"error":null}`, or has an error (services/chassis/messaging/answers.py).
`version` is the record's, null where it has none. A service of an earlier version sends none; then the reply is parsed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from services.chassis.errors import Internal, from_wire

# The other members are at the beginning and the end, so what is between them is the result.
ANSWERED = re.compile(rb'\{"version":(null|[0-9]{1,18}),"result":(.*),"error":null\}', re.DOTALL)


class Answer(Mapping[str, Any]):
    """A record or page that a service answered: its bytes to be passed on, and a mapping that parses them when it is
    read. `version`: the record's, None where it has none."""

    def __init__(self, body: bytes, version: int | None) -> None:
        self.body, self.version = body, version

    @cached_property
    def _members(self) -> dict[str, Any]:
        members: dict[str, Any] = json.loads(self.body)
        return members

    def __getitem__(self, name: str) -> Any:
        return self._members[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)


def result_of(body: bytes) -> Any:
    """The result in a reply; raises the Failure it names, or Internal("reply_malformed")."""
    try:
        reply = json.loads(body)
    except ValueError:
        reply = None
    if not isinstance(reply, dict) or not {"result", "error"} <= reply.keys():
        # A defect of the service, not of this thread.
        raise Internal("reply_malformed", "Erro interno; tente novamente.")
    if reply["error"]:
        raise from_wire(reply["error"])
    return reply["result"]


def answer_of(body: bytes) -> Answer:
    """The answer in a reply, parsed only as far as it takes to know that it is no failure; raises as `result_of`."""
    found = ANSWERED.fullmatch(body)
    if found is not None:
        return Answer(found[2], None if found[1] == b"null" else int(found[1]))
    result = result_of(body)
    version = result.get("version") if isinstance(result, dict) else None
    return Answer(json.dumps(result, ensure_ascii=False).encode(), version)
