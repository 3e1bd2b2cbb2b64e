"""Makes a PDF of a page with WeasyPrint, which fetches nothing, neither from the network nor from the disk.

A page holds its pictures itself (`data:`), and its fonts are those of gateway/documents/fonts. Runs in
documents/child.py, which imports this module only for a PDF: the import takes half a second.
"""

from __future__ import annotations

from typing import Any

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher


class OurFonts(FontConfiguration):
    """Ignores a template's own fonts, which would be written to the disk first; our fonts are used instead."""

    def add_font_face(self, *_: Any) -> None:
        return None


def as_pdf(html: str) -> bytes:
    held_only = URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    pdf: bytes = HTML(string=html, url_fetcher=held_only).write_pdf(font_config=OurFonts())
    return pdf
