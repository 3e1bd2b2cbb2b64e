"""From a page to a PDF, with WeasyPrint. It fetches nothing, neither from the network nor from the disk: what a page
shows, it holds itself (`data:`), and its fonts are those of gateway/documents/fonts. Runs in documents/child.py, and
is imported only where a PDF is made: that takes half a second.
"""

from __future__ import annotations

from typing import Any

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher


class OurFonts(FontConfiguration):
    """A template's own font would be written to the disk first; its texts are set in ours."""

    def add_font_face(self, *_: Any) -> None:
        return None


def as_pdf(html: str) -> bytes:
    held_only = URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    pdf: bytes = HTML(string=html, url_fetcher=held_only).write_pdf(font_config=OurFonts())
    return pdf
