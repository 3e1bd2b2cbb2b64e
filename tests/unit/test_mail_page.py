"""The HTML part of a mail shows what was typed, and nothing that was typed becomes markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from services.notifications.mail.page import html_of

TAGS = {"html", "head", "meta", "body", "div", "p", "br", "a"}


class Read(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str | None] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Read:
    found = Read()
    found.feed(html)
    return found


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"])))
def test_whatever_is_typed_stays_text(text: str) -> None:
    found = read(html_of(f"x{text}x<script>alert(1)</script>"))
    assert found.tags <= TAGS
    assert "<script>alert(1)</script>" in found.text
    assert all(re.match(r"https?://", str(link)) for link in found.links)


def test_lines_paragraphs_quotes_and_links_are_shown_as_such() -> None:
    html = html_of("Olá,\nsegue.\n\n> antes\n> disse\n\nVeja https://x.example/p?a=1&b=2.", "Padaria")
    found = read(html)
    assert html.count("<p ") == 4
    assert "border-left" in html
    assert found.links == ["https://x.example/p?a=1&b=2"]
    assert found.text.rstrip().endswith("Padaria")


def test_nothing_but_web_addresses_becomes_a_link() -> None:
    assert read(html_of("javascript:alert(1) data:text/html,x ftp://x.example mailto:a@x.example")).links == []
