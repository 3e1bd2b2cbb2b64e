"""What a route asks of the services, however deep the helpers are that ask it: read from the gateway's source."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from tests.support.gateway_calls import Asked, Function, Source, sources

Tables = Mapping[str, Iterable[Asked]]


def asked_by(view: Any, tables: Tables) -> Iterator[Asked]:
    """What a view function asks itself, or through what it calls in the gateway. `tables`: by module, the requests that
    are put together of tables there: all of them, where such a module is reached."""
    inner = inspect.unwrap(view)
    for source, function in _reached(inner.__module__, inner.__name__):
        yield from tables.get(source.name, ())
        lines = range(function.lineno, (function.end_lineno or function.lineno) + 1)
        yield from (one for one in _read(source) if one.method and int(one.place.partition(":")[2]) in lines)


@cache
def _read(source: Source) -> tuple[Asked, ...]:
    return tuple(source.asked())


def _reached(module: str, name: str) -> list[tuple[Source, Function]]:
    """The function, and each one of the gateway that it calls or passes on."""
    by_name = {source.name: source for source in sources()}
    found: list[tuple[Source, Function]] = []
    waiting, seen = [(module, name)], {(module, name)}
    while waiting:
        place, wanted = waiting.pop()
        if (source := by_name.get(place)) is None:
            continue
        for function in (one for one in source.functions if one.name == wanted):
            found.append((source, function))
            new = set(_named(function, source.namespace)) - seen
            seen |= new
            waiting += sorted(new)
    return found


def _named(function: Function, namespace: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Module and name of each function that is named in it; a class stands for its methods."""
    for node in ast.walk(function):
        if isinstance(node, ast.Name | ast.Attribute):
            yield from _places(_value(node, namespace))


def _value(node: ast.expr, namespace: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return namespace.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = _value(node.value, namespace)
        return vars(owner).get(node.attr) if inspect.ismodule(owner) or inspect.isclass(owner) else None
    return None


def _places(value: Any) -> Iterator[tuple[str, str]]:
    if inspect.isfunction(value):
        yield value.__module__, value.__name__
    elif inspect.isclass(value) and value.__module__.startswith("gateway."):
        yield from ((value.__module__, name) for name, _ in inspect.getmembers(value, inspect.isfunction))
