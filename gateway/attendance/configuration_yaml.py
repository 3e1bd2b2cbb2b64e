"""Reads YAML documents with the line of each value, so that each problem is reported with its line.

Safe because little is accepted: no tags, no anchors or aliases (so no alias bombs), limited size, depth and number of
values, and only texts, whole numbers, true, false and null as scalars.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import yaml
from marshmallow import Schema, ValidationError

from gateway.http.json_body import UNSTORABLE
from gateway.http.problems import MESSAGES
from services.chassis.errors import Failure, Invalid

MEDIA_TYPE = "application/yaml"
ACCEPTED = (MEDIA_TYPE, "text/yaml", "application/x-yaml", "text/x-yaml")
MAX_DEPTH = 16
# The most keys and values: a document of the greatest size, with one value a line, has fewer.
MAX_VALUES = 20_000

WHOLE = re.compile(r"-?[0-9]{1,15}", re.ASCII)
TAGS = {f"tag:yaml.org,2002:{name}" for name in ("map", "seq", "str", "int", "bool", "null")}

Path = tuple[str | int, ...]


class _Loader(yaml.SafeLoader):
    """Loads only what JSON has: `no` is a text here, not false."""

    yaml_implicit_resolvers: dict[str, Any] = {}
    depth = values = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):  # type: ignore[no-untyped-call, unused-ignore]
            raise _problem(self.peek_event().start_mark, "Âncoras e referências (&, *) não são aceitas.")  # type: ignore[no-untyped-call, unused-ignore]
        self.depth += 1
        self.values += 1
        if self.values > MAX_VALUES:
            raise _problem(self.peek_event().start_mark, f"O documento tem mais de {MAX_VALUES} valores.")  # type: ignore[no-untyped-call, unused-ignore]
        if self.depth > MAX_DEPTH:
            raise _problem(self.peek_event().start_mark, f"O documento tem mais de {MAX_DEPTH} níveis.")  # type: ignore[no-untyped-call, unused-ignore]
        node = super().compose_node(parent, index)  # type: ignore[no-untyped-call, unused-ignore]
        self.depth -= 1
        return node


for _tag, _words, _first in (
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", list("tf")),
    ("tag:yaml.org,2002:null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("tag:yaml.org,2002:int", rf"^{WHOLE.pattern}$", list("-0123456789")),
):
    _Loader.add_implicit_resolver(_tag, re.compile(_words), _first)


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks, so that differences between documents are readable."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)


class Source:
    """A document as plain data, and the line (from 1) of each path in it."""

    def __init__(self, data: Any, lines: dict[Path, int]) -> None:
        self.data, self._lines = data, lines

    def load(self, schema: type[Schema]) -> Any:
        """The data validated by `schema`; raises Invalid("configuration_invalid") with every problem."""
        try:
            return schema().load(self.data)
        except ValidationError as error:
            problems = [{"path": path, "detail": detail} for path, detail in _messages(error.messages, ())]
            raise _invalid([{**problem, "code": "input_invalid"} for problem in problems]) from error

    @contextmanager
    def locating(self) -> Iterator[None]:
        """A context in which a raised configuration_invalid gets a line and a readable path for each problem."""
        try:
            yield
        except Failure as failure:
            if failure.code != "configuration_invalid":
                raise
            raise _invalid([self._placed(problem) for problem in failure.params["problems"]]) from failure

    def _placed(self, problem: dict[str, Any]) -> dict[str, Any]:
        path = tuple(problem["path"])
        line = next(self._lines[path[:size]] for size in range(len(path), -1, -1) if path[:size] in self._lines)
        return {**problem, "path": _readable(path), "line": line}


def read(body: bytes) -> Source:
    """Parses a document; raises Invalid("configuration_unreadable") with the line, where YAML names one."""
    lines: dict[Path, int] = {}
    try:
        loader = _Loader(body.decode())
        node = loader.get_single_node()
        data = _plain(node, (), lines) if node is not None else None
    except UnicodeDecodeError as error:
        raise _unreadable(1, "O documento não está em UTF-8.") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _unreadable(mark.line + 1 if mark else 1, "O documento não é um YAML válido.") from error
    except (yaml.YAMLError, ValueError) as error:  # PyYAML raises ValueError for escapes beyond Unicode
        raise _unreadable(1, "O documento não é um YAML válido.") from error
    return Source(data, {**lines, (): 1})


def write(document: dict[str, Any]) -> str:
    """The document as YAML, which `read` reads back."""
    text: str = yaml.dump(document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    return text


def _plain(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    lines[path] = node.start_mark.line + 1
    if node.tag not in TAGS:
        raise _problem(node.start_mark, "Marcações de tipo (!) não são aceitas.")
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*path, position), lines) for position, child in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines)
    return _scalar(node)


def _mapping(node: yaml.MappingNode, path: Path, lines: dict[Path, int]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value in result:
            raise _problem(key.start_mark, f"Chave inválida ou repetida: {getattr(key, 'value', '')!s:.40}")
        result[_storable(key)] = _plain(value, (*path, key.value), lines)
    return result


def _scalar(node: yaml.Node) -> Any:
    kind, value = node.tag.removeprefix("tag:yaml.org,2002:"), node.value
    if kind == "null":
        return None
    if kind == "bool":
        return value == "true"
    if kind == "int" and WHOLE.fullmatch(value):
        return int(value)
    return _storable(node)


def _storable(node: yaml.Node) -> str:
    text: str = node.value
    if UNSTORABLE.search(text):
        raise _problem(node.start_mark, "O texto tem caracteres que não podem ser gravados.")
    return text


def _messages(messages: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Marshmallow's nested messages as pairs of path and text."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            yield from _messages(inner, path if name == "_schema" else (*path, name))
    else:
        yield from ((path, str(message)) for message in messages)


def _readable(path: Path) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _invalid(problems: list[dict[str, Any]]) -> Invalid:
    """The failure with the first problems, and how many more there are (`omitted`)."""
    detail = f"{len(problems)} problema(s) na configuração: {problems[0]['detail']}"
    left = max(len(problems) - MESSAGES, 0)
    return Invalid("configuration_invalid", detail, problems=problems[:MESSAGES], **({"omitted": left} if left else {}))


def _problem(mark: Any, detail: str) -> Invalid:
    return _unreadable(mark.line + 1, detail)


def _unreadable(line: int, detail: str) -> Invalid:
    return Invalid("configuration_unreadable", f"Linha {line}: {detail}", line=line)
