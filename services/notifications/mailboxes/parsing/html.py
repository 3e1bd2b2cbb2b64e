"""The HTML of a mail as plain text: paragraphs, lists, links, and quotes as lines that begin with ">". Pure."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree, html

# Longer HTML is cut: no person has written it.
LONGEST = 1_000_000
# The most levels of quotes in quotes: each level writes all its lines again.
DEEPEST = 10
BLOCKS = frozenset(
    (
        *("address", "article", "blockquote", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form", "h1"),
        *("h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul"),
    )
)
SILENT = frozenset(("script", "style", "head", "title", "noscript", "template"))
BLANKS = re.compile(r"[ \t\r\f\n]+")
# Where a block begins or ends, and a paragraph; a line break of its own is a newline.
BLOCK, PARAGRAPH = "\f", "\v"
SPACE = re.compile(r"[ \n\f\v]+")
EMPTY_LINES = re.compile(r"\n{3,}")


def text_of(content: str) -> str:
    """The plain text; empty where the HTML has none."""
    if not content.strip():
        return ""
    try:
        root = html.document_fromstring(content[:LONGEST].encode(), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    words: list[str] = []
    _write(root, words, preformatted=False)
    lines = [BLANKS.sub(" ", line).strip() for line in _lines(words)]
    return EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def _write(node: Any, words: list[str], preformatted: bool) -> None:
    """Recursion is bounded: the parser limits the depth of elements."""
    name = node.tag if isinstance(node.tag, str) else ""
    if name and name not in SILENT:
        if name == "blockquote" and sum(1 for _ in node.iterancestors("blockquote")) < DEEPEST:
            words.append(_quoted(node, preformatted))
        else:
            _element(node, name, words, preformatted or name == "pre")
    if node.tail:
        words.append(node.tail if preformatted else BLANKS.sub(" ", node.tail))


def _element(node: Any, name: str, words: list[str], preformatted: bool) -> None:
    block = name in BLOCKS
    edge = PARAGRAPH if name == "p" else BLOCK if block else ""
    words.append("\n" if name == "br" else edge)
    words.append({"li": "- ", "td": " ", "th": " "}.get(name, ""))
    _inside(node, words, preformatted)
    link = node.get("href", "") if name == "a" else ""
    if link.startswith(("http://", "https://")) and link not in "".join(words[-3:]):
        words.append(f" <{link}>")
    words.append(edge)


def _inside(node: Any, words: list[str], preformatted: bool) -> None:
    if node.text:
        words.append(node.text if preformatted else BLANKS.sub(" ", node.text))
    for child in node:
        _write(child, words, preformatted)


def _quoted(node: Any, preformatted: bool) -> str:
    inner: list[str] = []
    _inside(node, inner, preformatted)
    lines = "\n".join(line.strip() for line in _lines(inner)).strip()
    quoted = (f"> {line}".rstrip() for line in EMPTY_LINES.sub("\n\n", lines).split("\n"))
    return BLOCK + "\n".join(quoted) + BLOCK


def _lines(words: list[str]) -> list[str]:
    return SPACE.sub(_space, "".join(words)).split("\n")


def _space(found: re.Match[str]) -> str:
    """Blocks begin on a new line; paragraphs after an empty line."""
    signs = set(found[0])
    if not signs & {BLOCK, PARAGRAPH}:
        return found[0]
    return "\n\n" if signs & {"\n", PARAGRAPH} else "\n"
