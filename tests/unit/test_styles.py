"""Row S12, and e-mails of templates: a page loads nothing from elsewhere, by no means of CSS or HTML."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.documents.page import clean
from gateway.documents.styles import declarations, sheet

ELSEWHERE = "http://rastro.example/x.png"
HELD = "data:image/png;base64,iVBORw0KGgo="
LOADS = re.compile(r"rastro", re.IGNORECASE)

VALUES = (
    f"background: url({ELSEWHERE})",
    f"background: url('{ELSEWHERE}')",
    f'background: URL( "{ELSEWHERE}" )',
    f"background: u\\72l({ELSEWHERE})",
    f"background: \\75\\72\\6c('{ELSEWHERE}')",
    f"background: url(\\68ttp://rastro.example)",  # noqa: F541
    "background: url(//rastro.example/x)",
    f"background: red url({ELSEWHERE}) no-repeat",
    f"background-image: linear-gradient(red, blue), url({ELSEWHERE})",
    f"background-image: image-set('{ELSEWHERE}' 1x)",
    f"background-image: -webkit-image-set(url({ELSEWHERE}) 1x)",
    f"background-image: image('{ELSEWHERE}')",
    f"background-image: src('{ELSEWHERE}')",
    f"background-image: cross-fade(url({HELD}), url({ELSEWHERE}), 50%)",
    f"background-image: var(--x, url({ELSEWHERE}))",
    f"--x: url({ELSEWHERE})",
    f"--x: {{ a: url({ELSEWHERE}) }}",
    f"list-style-image: url({ELSEWHERE})",
    f"content: url({ELSEWHERE})",
    f"cursor: url({ELSEWHERE}), auto",
    f"border-image: url({ELSEWHERE}) 30",
    f"mask: url({ELSEWHERE}#m)",
    f"filter: url({ELSEWHERE}#f)",
    f"clip-path: url({ELSEWHERE}#c)",
    f"shape-outside: url({ELSEWHERE})",
    f"behavior: url({ELSEWHERE})",
    f"-moz-binding: url({ELSEWHERE})",
    f"filter: progid:DXImageTransform.Microsoft.AlphaImageLoader(src='{ELSEWHERE}')",
    f"width: expression(new Image().src='{ELSEWHERE}')",
    f"background: url({ELSEWHERE}",
    f"background: url('{ELSEWHERE}",
    "background: url(data:image/svg+xml,<svg><image href='http://rastro.example'/></svg>)",
    "background: url(data:text/html;base64,cmFzdHJv,rastro)",
)
RULES = (
    f"@import url({ELSEWHERE});",
    f"@import '{ELSEWHERE}';",
    f"@IMPORT '{ELSEWHERE}' screen;",
    f"@\\69mport '{ELSEWHERE}';",
    f"@import/**/'{ELSEWHERE}';",
    f"@media screen {{ @import '{ELSEWHERE}'; }}",
    f"@font-face {{ font-family: x; src: url({ELSEWHERE}) }}",
    f"@namespace url({ELSEWHERE});",
    f"@document url({ELSEWHERE}) {{ p {{ color: red }} }}",
    f"@counter-style x {{ symbols: url({ELSEWHERE}) }}",
    f"@property --x {{ syntax: '<url>'; initial-value: url({ELSEWHERE}); inherits: false }}",
    f"@page {{ background: url({ELSEWHERE}); @top-left {{ content: url({ELSEWHERE}) }} }}",
    f"@supports (background: url({ELSEWHERE})) {{ p {{ color: red }} }}",
    *(f"p {{ {value} }}" for value in VALUES),
    *(f"@media print {{ p {{ {value} }} }}" for value in VALUES),
    *(f"div {{ & p {{ {value} }} }}" for value in VALUES),
)


@pytest.mark.parametrize("css", RULES)
def test_no_rule_of_a_style_sheet_loads_anything(css: str) -> None:
    assert not LOADS.search(sheet(f"h1 {{ color: red }}\n{css}"))
    assert not LOADS.search(clean(f"<style>{css}</style><p>Fim</p>"))


@pytest.mark.parametrize("css", VALUES)
def test_no_style_of_a_tag_loads_anything(css: str) -> None:
    quoted = css.replace("&", "&amp;").replace('"', "&quot;")
    assert not LOADS.search(clean(f'<p style="color: red; {quoted}">Fim</p>'))


@pytest.mark.parametrize(
    "html",
    [
        f'<img src="{ELSEWHERE}">',
        f'<img srcset="{ELSEWHERE} 2x" src="{HELD}">',
        f'<table background="{ELSEWHERE}"><tr><td background="{ELSEWHERE}">x</td></tr></table>',
        f'<link rel="stylesheet" href="{ELSEWHERE}">',
        f'<video src="{ELSEWHERE}" poster="{ELSEWHERE}"></video>',
        f'<input type="image" src="{ELSEWHERE}">',
        f'<svg><image href="{ELSEWHERE}"/></svg>',
        f'<iframe src="{ELSEWHERE}"></iframe><object data="{ELSEWHERE}"></object><embed src="{ELSEWHERE}">',
        f'<base href="{ELSEWHERE}"><meta http-equiv="refresh" content="0;url={ELSEWHERE}">',
        f'<body background="{ELSEWHERE}"><p>x</p></body>',
        f'<p title="<style>">x</p><style>@import "{ELSEWHERE}";</style>',
        f'<style>p {{ color: red }}<!-- </style> --><style>@import "{ELSEWHERE}";</style>',
        f"<noscript><style>@import '{ELSEWHERE}';</style></noscript>",
    ],
)
def test_no_tag_loads_anything(html: str) -> None:
    assert not LOADS.search(clean(html))


def test_what_loads_nothing_stays() -> None:
    css = (
        '@page{size:A4;margin:18mm;@bottom-right{content:"Página " counter(page)}}'
        "@media print{p:first-child>a[href]{color:rgb(1,2,3);width:calc(100% - 2px)}}"
        f"h1{{background:url({HELD}) no-repeat;font:bold 12pt 'DejaVu Sans',sans-serif!important}}"
        ".a:not(.b)::before{content:'→';transform:rotate(-25deg)}"
    )
    kept = sheet(css)
    for text in ("size:A4", "counter(page)", "a[href]", "calc(100% - 2px)", HELD, "!important", ":not(.b)", "rotate"):
        assert text in kept
    assert declarations(f"color:red;background:url('{HELD}')").count(":") >= 3


def test_no_text_of_a_sheet_ends_its_tag() -> None:
    hidden = 'p::after { content: "\\3c/style>\\3cimg src=x onerror=alert(1)>" }'
    cleaned = clean(f"<style>{hidden}</style>")
    assert cleaned.count("</") == 1


@given(st.text(alphabet="url(@import'\"){};:/\\abc<>!-* \n", max_size=60))
def test_whatever_is_written_is_read_again_as_the_same(css: str) -> None:
    once = sheet(sheet(css))
    assert "</" not in once
    assert sheet(once) == once


@given(st.text(alphabet="<>/\"'= style{}p:title", max_size=80))
def test_cleaning_again_changes_nothing(html: str) -> None:
    once = clean(html)
    assert clean(once) == once
