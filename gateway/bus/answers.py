"""A reply's envelope, and the answer in it: bytes, as the service wrote them, until somebody looks into them.

`{"version":3,"result":{...},"error":null}`, or with an error: services/chassis/messaging/answers.py writes it so.
`version` is the record's, null where it has none; a service of before that was written says none, and is read whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from services.chassis.errors import Internal, from_wire

# The members lead and end the object, so that what is between them is the result and nothing else.
ANSWERED = re.compile(rb'\{"version":(null|[0-9]{1,18}),"result":(.*),"error":null\}', re.DOTALL)


class Answer(Mapping[str, Any]):
    """A record or page that a service answered: passed on as it came, and read by who looks into it.

    `version`: the record's, None where it has none.
    """

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
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict) or not {"result", "error"} <= said.keys():
        # a defect of the service's, not of the thread that reads it
        raise Internal("reply_malformed", "Erro interno; tente novamente.")
    if said["error"]:
        raise from_wire(said["error"])
    return said["result"]


def answer_of(body: bytes) -> Answer:
    """The same, not read any further than to know that it is no failure."""
    found = ANSWERED.fullmatch(body)
    if found is not None:
        return Answer(found[2], None if found[1] == b"null" else int(found[1]))
    result = result_of(body)
    version = result.get("version") if isinstance(result, dict) else None
    return Answer(json.dumps(result, ensure_ascii=False).encode(), version)
