"""Sanitises the CSS of a template, so that it loads nothing: pictures must be in the page itself (`data:`).

In a browser headers forbid loading, but an e-mail has no headers, and a picture that is fetched when the e-mail is
opened tells who read it, when and where. So the CSS is parsed, and only known rules, functions and pictures are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import tinycss2

PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+\Z")
# at-rules that contain rules or declarations; other ones, as @import and @font-face, are removed
NESTING = {"media", "supports"}
PAGE = re.compile(r"page|(top|bottom)-(left-corner|left|center|right|right-corner)|(left|right)-(top|middle|bottom)")
# Properties by which old browsers ran scripts.
FORBIDDEN = {"behavior", "-moz-binding"}
FUNCTIONS = {
    "attr", "calc", "clamp", "max", "min", "var",
    "counter", "counters", "content", "string", "target-counter", "target-counters", "target-text", "leader",
    "rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch", "color",
    "linear-gradient", "radial-gradient", "conic-gradient",
    "repeating-linear-gradient", "repeating-radial-gradient", "repeating-conic-gradient",
    "translate", "translatex", "translatey", "scale", "scalex", "scaley", "rotate", "skew", "skewx", "skewy", "matrix",
    "rect", "inset", "circle", "ellipse", "polygon", "minmax", "repeat", "fit-content",
    "blur", "brightness", "contrast", "drop-shadow", "grayscale", "invert", "opacity", "saturate", "sepia",
}  # fmt: skip
SELECTING = {
    "is",
    "where",
    "not",
    "has",
    "lang",
    "dir",
    "nth-child",
    "nth-last-child",
    "nth-of-type",
    "nth-last-of-type",
}


def sheet(css: str) -> str:
    """The sanitised text of a <style> element."""
    return _serialised(_rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)))


def declarations(css: str) -> str:
    """The sanitised text of a `style` attribute, not escaped for HTML; empty where nothing is kept."""
    parsed = tinycss2.parse_blocks_contents(css, skip_comments=True, skip_whitespace=True)
    return _serialised(node for node in parsed if node.type == "declaration" and _loads_nothing(node))


def _rules(parsed: Iterable[Any]) -> list[Any]:
    kept = []
    for rule in parsed:
        if rule.type == "qualified-rule":
            if _harmless(rule.prelude, SELECTING):
                rule.content = _contents(rule.content)
                kept.append(rule)
        elif rule.type == "at-rule" and rule.content is not None and _harmless(rule.prelude, FUNCTIONS):
            if rule.lower_at_keyword in NESTING:
                rule.content = _rules(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True))
                kept.append(rule)
            elif PAGE.fullmatch(rule.lower_at_keyword):
                rule.content = _contents(rule.content)
                kept.append(rule)
        elif rule.type == "declaration" and _loads_nothing(rule):
            kept.append(rule)
    return kept


def _contents(content: list[Any]) -> list[Any]:
    """Declarations and nested rules of a block."""
    return _rules(tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True))


def _loads_nothing(declaration: Any) -> bool:
    return declaration.lower_name not in FORBIDDEN and _harmless(declaration.value, FUNCTIONS)


def _harmless(tokens: Iterable[Any], functions: set[str]) -> bool:
    return all(_is_harmless(token, functions) for token in tokens)


def _is_harmless(token: Any, functions: set[str]) -> bool:
    if token.type == "url":
        return PICTURE.match(token.value) is not None
    if token.type == "function" and token.lower_name == "url":
        arguments = [argument for argument in token.arguments if argument.type != "whitespace"]
        return len(arguments) == 1 and arguments[0].type == "string" and PICTURE.match(arguments[0].value) is not None
    if token.type == "function":
        return token.lower_name in functions and _harmless(token.arguments, functions)
    if token.type.endswith("block"):
        return _harmless(token.content, functions)
    return bool(token.type != "error")


def _serialised(kept: Iterable[Any]) -> str:
    """The CSS text, with `</` escaped: a string in the sheet must not end the <style> element around it."""
    return str(tinycss2.serialize(list(kept))).replace("</", "\\3c /")
