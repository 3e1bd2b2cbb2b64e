"""The states of our records, as the code moves them: every step is tried in every state that is reached.

Steps are the public methods of the model, whichever they are: one that is added is tried too. Where a guard stands in
the job or the handler instead, that function is called, or its condition is repeated in the machine, its place named.
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from itertools import product
from types import ModuleType
from typing import Any

from services.chassis.errors import Conflict, Invalid, NotFound

# A step's answer: the record is not there any more.
GONE = object()
NOWHERE = "[*]"

Edge = tuple[str, str, str]
Step = tuple[str, Callable[[Any], Any]]
Samples = Mapping[str, Sequence[Any]]

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
TODAY = NOW.date()
# Of the parameters that all models have.
COMMON: Samples = {"id": ["x"], "at": [NOW], "now": [NOW], "today": [TODAY], "by": ["Ana"], "reason": ["Desistiu."]}


@dataclass(frozen=True)
class Machine:
    """`begin` makes the first record; `seen` says the state of the record, or of each of its parts, by name.

    `facts` are all that decides what comes next: records with equal ones are tried once. `states`: the code's own list.
    """

    begin: Step
    steps: Sequence[Step]
    seen: Callable[[Any], Mapping[Hashable, str]]
    facts: Callable[[Any], Hashable]
    states: Collection[str]

    def edges(self) -> set[Edge]:
        """Each change of a state that the code accepts: from, the step's name, to."""
        label, make = self.begin
        first = make(None)
        found = _changes({}, label, self.seen(first))
        waiting, known = [first], set()
        while waiting:
            record = waiting.pop()
            if self.facts(record) in known:
                continue
            known.add(self.facts(record))
            for label, step in self.steps:
                after = deepcopy(record)
                try:
                    gone = step(after) is GONE
                except (Conflict, Invalid, NotFound):
                    continue
                before = self.seen(record)
                found |= _changes(before, label, dict.fromkeys(before, NOWHERE) if gone else self.seen(after))
                waiting += [] if gone else [after]
        return found


def _changes(before: Mapping[Hashable, str], label: str, after: Mapping[Hashable, str]) -> set[Edge]:
    return {
        (before.get(part, NOWHERE), label, state) for part, state in after.items() if before.get(part) != state
    }  # fmt: skip


def one(state: Callable[[Any], str]) -> Callable[[Any], Mapping[Hashable, str]]:
    """`seen` of a record that has one state."""
    return lambda record: {"": state(record)}


def methods_of(cls: type, samples: Samples, apart: Collection[str] = ()) -> Iterator[Step]:
    """The public methods, but those `apart`, with each mixture of the samples of their parameters."""
    for name, method in inspect.getmembers(cls, inspect.isfunction):
        if not name.startswith("_") and name not in apart:
            yield from _calls(name, method, samples)


def functions_of(module: ModuleType, cls: type, samples: Samples) -> Iterator[Step]:
    """The module's own public functions that take such a record first."""
    for name, function in inspect.getmembers(module, inspect.isfunction):
        first = next(iter(inspect.signature(function).parameters.values()), None)
        own = function.__module__ == module.__name__ and not name.startswith("_")
        if own and first is not None and first.annotation == cls.__name__:
            yield from _calls(name, function, samples)


def when(may: Callable[[Any], bool], steps: Iterable[Step]) -> Iterator[Step]:
    """The steps, refused unless `may` says so of the record."""

    def guarded(step: Callable[[Any], Any], record: Any) -> Any:
        if not may(record):
            raise Conflict("not_now", "Agora não.")
        return step(record)

    for label, step in steps:
        yield label, partial(guarded, step)


def _calls(name: str, function: Callable[..., Any], samples: Samples) -> Iterator[Step]:
    """What has a default is left out, unless there are samples of it."""
    rest = list(inspect.signature(function).parameters.values())[1:]
    asked = [p for p in rest if p.name in samples or (p.default is p.empty and p.kind is not p.VAR_KEYWORD)]
    missing = [p.name for p in asked if p.name not in samples]
    if missing:
        raise LookupError(f"{name}: give a sample of {', '.join(missing)} in tests/architecture/machines")
    for values in product(*(samples[p.name] for p in asked)):
        given = dict(zip([p.name for p in asked], values, strict=True))
        yield name, partial(_call, function, given)


def _call(function: Callable[..., Any], given: Mapping[str, Any], record: Any) -> None:
    function(record, **given)
