"""Makes a safe page from a template's HTML: only harmless tags stay, and nothing is loaded from elsewhere.

The same page goes to a browser, into an e-mail and into a PDF, and only the browser gets security headers
(documents/answers.py). So the page itself is sanitised (nh3). Runs in documents/child.py.
"""

from __future__ import annotations

import re
from html import escape

import nh3

from gateway.documents.styles import PICTURE, declarations, sheet

TAGS = {
    "a", "abbr", "address", "article", "b", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup",
    "dd", "del", "div", "dl", "dt", "em", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "i", "img", "ins", "li", "main", "mark", "ol", "p", "pre", "q", "s", "section", "small", "span",
    "strong", "style", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
SILENT = {"script", "title", "template", "noscript", "iframe", "object", "svg", "math", "textarea", "xmp"}
EVERYWHERE = {"class", "style", "align", "title", "lang", "dir"}
CELL = {"colspan", "rowspan", "width", "height", "valign", "bgcolor"}
ATTRIBUTES = {
    "*": EVERYWHERE,
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "ol": {"start", "type"},
    "table": {"border", "cellpadding", "cellspacing", "width", "bgcolor"},
    "td": CELL,
    "th": CELL,
}
# whole addresses: in an e-mail there is nothing that a shorter one could be relative to
LINK = re.compile(r"(https?|mailto|tel):", re.IGNORECASE)
STYLE = """
@page {
  size: A4; margin: 18mm;
  @bottom-right { content: "Página " counter(page) " de " counter(pages); font-size: 8pt }
}
body {
  font-family: "DejaVu Sans", "Noto Emoji", sans-serif; font-size: 10pt; line-height: 1.4; color: #1d1d1f;
  overflow-wrap: break-word
}
table { border-collapse: collapse; max-width: 100% }
pre { white-space: pre-wrap }
img { max-width: 100% }
"""
# whole tags are passed over, so that a quoted <style> is none
STYLE_SHEET = re.compile(
    r'(<style\b(?:[^<>"]|"[^"]*")*>)(.*?)</style>|<(?:[^<>"]|"[^"]*")*>', re.IGNORECASE | re.DOTALL
)
# A run of more than 16 signs may break within itself, and so never widens a table: a column is as wide as its longest
# word, and a part number or an NF-e's key pushed the totals off the page. Shorter words stay whole.
LONG_RUN = re.compile(
    r'<style\b.*?</style>|<(?:[^<>"]|"[^"]*")*>|((?:&(?!nbsp;)#?\w+;|[^\s<&]){17,})',
    re.IGNORECASE | re.DOTALL,
)
# In the page itself and by `!important` in the tag: no style of a template hides it.
MARK = (
    '<div style="all:initial!important;display:block!important;position:fixed!important;top:40%!important;'
    "left:0!important;width:100%!important;text-align:center!important;font:bold 48pt 'DejaVu Sans',sans-serif"
    '!important;color:#c00!important;opacity:.35!important;transform:rotate(-25deg)!important">{text}</div>'
)


def page(title: str, body: str, mark: str) -> str:
    """A whole HTML document; `mark` is written across each of its pages."""
    mark_html = MARK.format(text=escape(mark)) if mark else ""
    return (
        f'<!doctype html>\n<html lang="pt-BR"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body>{mark_html}{breakable(clean(body))}</body></html>\n"
    )


def clean(body: str) -> str:
    """`body` without scripts, forms, frames, event handlers, pictures from elsewhere and styles that load anything; the
    contents of removed elements are removed too."""
    cleaned = nh3.clean(
        body,
        tags=TAGS,
        clean_content_tags=SILENT,
        attributes=ATTRIBUTES,
        attribute_filter=_kept,
        url_schemes={"https", "http", "mailto", "tel", "data"},
        link_rel="noopener noreferrer",
    )

    def loading_nothing(match: re.Match[str]) -> str:
        return match[0] if match[1] is None else f"{match[1]}{sheet(match[2])}</style>"

    return STYLE_SHEET.sub(loading_nothing, cleaned)


def breakable(html: str) -> str:
    """`html`, cleaned by `clean`, with a tag around each long run so that it may break anywhere; the text stays."""

    def marked(match: re.Match[str]) -> str:
        return f'<span style="overflow-wrap:anywhere">{match[1]}</span>' if match[1] else match[0]

    return LONG_RUN.sub(marked, html)


def _kept(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "src":
        return value if PICTURE.match(value) else None
    if attribute == "style":
        return declarations(value) or None
    if attribute == "href":
        return value if LINK.match(value) else None
    return value
