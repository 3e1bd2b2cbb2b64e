"""CSS of a template, as far as it loads nothing: what a page shows, it holds itself (`data:`).

Headers forbid it in a browser; an e-mail has none, and a picture that is fetched when it is opened tells who read it,
when and where. So everything is read by CSS's own rules, and only known rules, functions and pictures are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import tinycss2

PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+\Z")
# rules whose content is rules or declarations again; @import, @font-face and the like are gone
NESTING = {"media", "supports"}
PAGE = re.compile(r"page|(top|bottom)-(left-corner|left|center|right|right-corner)|(left|right)-(top|middle|bottom)")
# Old browsers ran what these name.
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
    """The text of a <style>, to be written between its tags again."""
    return _written(_rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)))


def declarations(css: str) -> str:
    """The text of a `style` attribute, not escaped; empty where nothing stays."""
    found = tinycss2.parse_blocks_contents(css, skip_comments=True, skip_whitespace=True)
    return _written(one for one in found if one.type == "declaration" and _loads_nothing(one))


def _rules(found: Iterable[Any]) -> list[Any]:
    kept = []
    for rule in found:
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
        inside = [one for one in token.arguments if one.type != "whitespace"]
        return len(inside) == 1 and inside[0].type == "string" and PICTURE.match(inside[0].value) is not None
    if token.type == "function":
        return token.lower_name in functions and _harmless(token.arguments, functions)
    if token.type.endswith("block"):
        return _harmless(token.content, functions)
    return bool(token.type != "error")


def _written(kept: Iterable[Any]) -> str:
    """An end tag as CSS escapes it: a text of the sheet must not end the <style> that it stands in."""
    return str(tinycss2.serialize(list(kept))).replace("</", "\\3c /")
