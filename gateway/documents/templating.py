"""The language of the company's templates: sandboxed Jinja with an allowlist of filters and tags (docs/adr/0016).

Runs only in the process of one rendering (documents/child.py). An endless loop, or a text that fills the memory, cannot
be refused here; it ends with that process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import (
    StrictUndefined,
    Template,
    TemplateAssertionError,
    TemplateSyntaxError,
    Undefined,
    UndefinedError,
    meta,
    nodes,
)
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range
from jinja2.utils import Namespace

# An allowlist, so that a filter of a later Jinja is not allowed before somebody looked at it. Not allowed: `safe`, with
# which a customer's name could write HTML; `attr` and `format`, which read attributes of objects.
FILTERS = (
    "abs", "batch", "capitalize", "center", "count", "default", "d", "e", "escape", "first", "float", "groupby",
    "indent", "int", "join", "last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "replace",
    "reverse", "round", "select", "selectattr", "slice", "sort", "string", "sum", "title", "trim", "truncate", "unique",
    "upper", "wordcount", "wordwrap",
)  # fmt: skip
FORBIDDEN_TAGS: dict[type[nodes.Node], str] = {
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "from",
    nodes.Extends: "extends",
    nodes.ScopedEvalContextModifier: "autoescape",
    nodes.EvalContextModifier: "autoescape",
}
GLOBALS = {"range": safe_range, "namespace": Namespace}
PLACE = "<template>"


class Refused(Exception):
    """A template is refused: a stable code, the template's line if known, and the variable or tag in question."""

    def __init__(self, code: str, line: int | None = None, name: str = "") -> None:
        super().__init__(code)
        self.code, self.line, self.name = code, line, name


class Unknown(StrictUndefined):
    """A variable that does not exist: using it in any way fails, and the message is its name."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        return str(self._undefined_name or "?")


class Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox: values are texts, lists and mappings; `a.b` reads from a mapping, a loop or a namespace only."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping):
            return self.getitem(obj, attribute)
        if isinstance(obj, Undefined):
            return super().getattr(obj, attribute)
        if isinstance(obj, LoopContext | Namespace) and not attribute.startswith("_"):
            return super().getattr(obj, attribute)
        raise SecurityError(attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        try:
            return obj[argument]
        except (LookupError, TypeError):
            return self.undefined(obj=obj, name=argument)

    def is_safe_callable(self, obj: Any) -> bool:
        of_loop = isinstance(getattr(obj, "__self__", None), LoopContext)
        return of_loop or isinstance(obj, Macro | LoopContext) or obj in GLOBALS.values()


def sandbox(autoescape: bool) -> Sandbox:
    env = Sandbox(autoescape=autoescape, undefined=Unknown, cache_size=0)
    env.filters = {name: env.filters[name] for name in FILTERS}
    env.globals = dict(GLOBALS)
    return env


def rendered(source: str, values: Mapping[str, Any], limit: int, autoescape: bool = True) -> str:
    """`source` with `values`, at most `limit` characters.

    Raises Refused: "template_syntax_invalid", "template_forbidden", "template_variable_unknown", "template_too_heavy"
    or "template_failed".
    """
    try:
        template = _checked(sandbox(autoescape), source, values)
        return _bounded(template.generate(values), limit)
    except Refused:
        raise
    except TemplateAssertionError as error:
        raise Refused("template_forbidden", error.lineno, _quoted(error.message)) from error
    except TemplateSyntaxError as error:
        raise Refused("template_syntax_invalid", error.lineno) from error
    except SecurityError as error:
        raise Refused("template_forbidden", _line(error), _quoted(str(error))) from error
    except UndefinedError as error:
        raise Refused("template_variable_unknown", _line(error), str(error)) from error
    except (RecursionError, MemoryError, OverflowError) as error:
        raise Refused("template_too_heavy", _line(error)) from error
    except Exception as error:  # the template's author can mend it, so any error is reported as the template's
        raise Refused("template_failed", _line(error), type(error).__name__) from error


def _checked(env: Sandbox, source: str, values: Mapping[str, Any]) -> Template:
    """The template, checked without running it, so that branches that these values do not take are checked too."""
    tree = env.parse(source)
    for node in tree.find_all(tuple(FORBIDDEN_TAGS)):
        raise Refused("template_forbidden", node.lineno, FORBIDDEN_TAGS[type(node)])
    free = meta.find_undeclared_variables(tree) - GLOBALS.keys()
    for node in tree.find_all((nodes.Name, nodes.Getattr)):
        name = _unknown(node, free, values)
        if name:
            raise Refused("template_variable_unknown", node.lineno, name)
    return env.from_string(tree)


def _unknown(node: nodes.Node, free: set[str], values: Mapping[str, Any]) -> str:
    """The node's variable where it has no value, else ""; variables that the template sets itself are not checked."""
    if isinstance(node, nodes.Name):
        return node.name if node.name in free and node.name not in values else ""
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name in free:
        group = values.get(node.node.name)
        if isinstance(group, Mapping) and node.attr not in group and not node.attr.startswith("_"):
            return f"{node.node.name}.{node.attr}"
    return ""


def _bounded(parts: Iterator[str], limit: int) -> str:
    rendered_parts, length = [], 0
    for part in parts:
        length += len(part)
        if length > limit:
            raise Refused("template_too_heavy")
        rendered_parts.append(part)
    return "".join(rendered_parts)


def _line(error: BaseException) -> int | None:
    """The template's line number, from the traceback; None where it is not there."""
    line, place = None, error.__traceback__
    while place is not None:
        if place.tb_frame.f_code.co_filename == PLACE:
            line = place.tb_lineno
        place = place.tb_next
    return line


def _quoted(message: str | None) -> str:
    """The quoted name in one of Jinja's English messages, else the beginning of the message."""
    match = re.search(r"'([^']{1,80})'", message or "")
    return match[1] if match else (message or "")[:80]
