"""Every request that the gateway's code makes of a service, read from its source, with the route that leads to it.

A helper that takes the name of the method is followed to who calls it in its module. What is put together otherwise
(tables, names made of parts) can't be read, and is told as such: `method` is None.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

from marshmallow import Schema

from tests.support.sources import ROOT, modules, tree

QUERY, COMMAND, SECRET = "query", "command", "secret"
# name: (kind, place of the schema, place of the data); the service and the method come first
WORDS: dict[str, tuple[str, int | None, int]] = {
    "send_query": (QUERY, 3, 2),
    "send_command": (COMMAND, 2, 3),
    "send_command_secretly": (SECRET, 2, 3),
    "call": (QUERY, None, 2),
    "call_secretly": (SECRET, None, 2),
    "Request": (QUERY, None, 2),
    "send": (COMMAND, None, 2),  # one way; other things are sent too, but not by two names
}
Function = ast.FunctionDef
Bound = Mapping[str, ast.expr]


@dataclass(frozen=True)
class Asked:
    """One request: `keys` are what its data surely has; `whole`, that it has nothing else but what `schemas` have.

    `needs`: the permission of the route, None where no route is in sight, "public" of one for anybody.
    """

    place: str
    service: str | None
    method: str | None
    kind: str
    keys: frozenset[str] = frozenset()
    whole: bool = False
    schemas: tuple[type[Schema], ...] = ()
    needs: str | None = None


@dataclass(eq=False)
class Source:
    """A module of the gateway; `namespace` holds what its names mean."""

    name: str
    tree: ast.Module
    namespace: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def functions(self) -> list[Function]:
        return [one for one in ast.walk(self.tree) if isinstance(one, Function)]

    @cached_property
    def calls(self) -> dict[str, list[tuple[Function, ast.Call]]]:
        """By the word for what is called, who calls it and how."""
        found: dict[str, list[tuple[Function, ast.Call]]] = defaultdict(list)
        for function in self.functions:
            for call in _own_calls(function):
                found[_word(call)].append((function, call))
        return found

    def asked(self) -> Iterator[Asked]:
        for word in WORDS:
            for function, call in self.calls[word]:
                is_ours = len(call.args) >= 3
                if is_ours and (word != "send" or isinstance(_text(call.args[1]), str)):
                    yield from self._read(call, word, function, {})

    def _read(self, call: ast.Call, word: str, function: Function, bound: Bound, deep: int = 0) -> Iterator[Asked]:
        """Once for each caller, where the method is what the function was given; one that nobody calls is not read."""
        given = _value(call.args[1], bound)
        names = [one.arg for one in function.args.args if one.arg != "self"]
        callers = self.calls[function.name] if isinstance(given, ast.Name) and given.id in names and not deep else []
        if not callers:
            yield self._one(call, word, function, bound)
        for caller, outer in callers:
            to = dict(zip(names, outer.args, strict=False))
            for one in self._read(call, word, function, to, deep + 1):
                yield replace(one, needs=_needs(caller, self.namespace), place=self._place(outer))

    def _one(self, call: ast.Call, word: str, function: Function, bound: Bound) -> Asked:
        kind, schema_at, data_at = WORDS[word]
        named = {one.arg: one.value for one in call.keywords if one.arg}
        if word == "call" and _text(named.get("command")) is True:
            kind = COMMAND
        schemas = [self._schema(_value(one, bound)) for one in _at(call, schema_at)]
        keys, whole = _keys(_value(call.args[data_at], bound), function) if len(call.args) > data_at else (set(), True)
        if schema_at == WORDS["send_command"][1]:
            keys |= set(named)
        return Asked(
            self._place(call), _text(_value(call.args[0], bound)), _text(_value(call.args[1], bound)), kind,
            frozenset(keys), whole and not any(one.arg is None for one in call.keywords),
            tuple(one for one in schemas if one), _needs(function, self.namespace),
        )  # fmt: skip

    def _schema(self, given: ast.expr) -> type[Schema] | None:
        found: Any = self.namespace if isinstance(given, ast.Name | ast.Attribute) else None
        for part in ast.unparse(given).split(".") if found is not None else ():
            found = found.get(part) if isinstance(found, Mapping) else getattr(found, part, None)
        return found if inspect.isclass(found) and issubclass(found, Schema) else None

    def _place(self, call: ast.Call) -> str:
        return f"{self.name}:{call.lineno}"


@cache
def sources() -> list[Source]:
    paths = [path for path in modules("gateway") if path.name != "gunicorn.conf.py"]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths]
    return [
        Source(name, tree(path), vars(importlib.import_module(name))) for name, path in zip(names, paths, strict=True)
    ]


def _own_calls(function: Function) -> Iterator[ast.Call]:
    """Of the function, and not of one that is defined inside; its decorators are not its own."""
    left: list[ast.AST] = [*function.body]
    for node in left:
        if isinstance(node, Function):
            continue
        if isinstance(node, ast.Call):
            yield node
        left += ast.iter_child_nodes(node)


def _word(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _at(call: ast.Call, place: int | None) -> list[ast.expr]:
    return [] if place is None else call.args[place : place + 1]


def _value(given: ast.expr, bound: Bound) -> ast.expr:
    return bound.get(given.id, given) if isinstance(given, ast.Name) else given


def _text(given: ast.expr | None) -> Any:
    return given.value if isinstance(given, ast.Constant) else None


def _needs(function: Function, namespace: Mapping[str, Any]) -> str | None:
    for one in function.decorator_list:
        if isinstance(one, ast.Call) and _word(one) in ("needs", "public"):
            given = one.args[0]
            named = namespace.get(given.id) if isinstance(given, ast.Name) else _text(given)
            return str(named) if _word(one) == "needs" else "public"
    return None


def _keys(given: ast.expr, function: Function) -> tuple[set[str], bool]:
    """The names in a dictionary as it is written there, or in the one line of the function that makes it."""
    if isinstance(given, ast.Name):
        made = [
            one.value for one in ast.walk(function)
            if isinstance(one, ast.Assign) and [getattr(to, "id", "") for to in one.targets] == [given.id]
        ]  # fmt: skip
        given = made[0] if len(made) == 1 else given
    if not isinstance(given, ast.Dict):
        return set(), False
    keys = {str(_text(key)) for key in given.keys if _text(key) is not None}
    return keys, len(keys) == len(given.keys)
