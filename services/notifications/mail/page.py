"""A text as the HTML part of an e-mail: paragraphs, quoted lines and links, in styles that mail readers keep.

Everything is escaped; a link is made only of http and https addresses. Pure.
"""

from __future__ import annotations

import re
from html import escape

LINK = re.compile(r"https?://[^\s<>\"'“”]+[^\s<>\"'“”.,;:!?)\]]")
FONT = "font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;color:#1f2933"
PARAGRAPH = "margin:0 0 14px"
QUOTED = f"{PARAGRAPH};padding-left:12px;border-left:3px solid #cbd2d9;color:#52606d"
FOOTER = (
    "margin:24px 0 0;padding-top:12px;border-top:1px solid #e4e7eb;font-size:12px;color:#7b8794;word-break:break-word"
)


def html_of(text: str, footer: str = "") -> str:
    """The whole HTML document; `footer` is small, below a line."""
    paragraphs = [part for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]
    body = "\n".join(map(_paragraph, paragraphs))
    below = f'\n<p style="{FOOTER}">{_lines(footer)}</p>' if footer.strip() else ""
    return (
        '<!doctype html>\n<html lang="pt-BR"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"></head>\n'
        f'<body style="margin:0;padding:24px;background:#ffffff"><div style="max-width:640px;{FONT}">\n'
        f"{body}{below}\n</div></body></html>\n"
    )


def _paragraph(text: str) -> str:
    lines = text.strip("\n").split("\n")
    if all(line.startswith(">") for line in lines):
        return f'<p style="{QUOTED}">{_lines(chr(10).join(line[1:].strip() for line in lines))}</p>'
    return f'<p style="{PARAGRAPH}">{_lines(text)}</p>'


def _lines(text: str) -> str:
    return "<br>\n".join(map(_with_links, text.strip().split("\n")))


def _with_links(line: str) -> str:
    made, last = [], 0
    for link in LINK.finditer(line):
        address = escape(link.group())
        made += [escape(line[last : link.start()]), f'<a href="{address}" style="color:#0b69a3">{address}</a>']
        last = link.end()
    return "".join([*made, escape(line[last:])])
