"""The template language (docs/adr/0016): values come out as text, hostile templates are refused."""

from __future__ import annotations

import html
import threading
import time
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Template, TemplateError

from gateway.documents import page, processes
from gateway.documents.processes import RenderingSlots
from gateway.documents.styles import PICTURE
from gateway.documents.templating import FILTERS, Refused, rendered, sandbox
from services.chassis.errors import Unavailable

VALUES: dict[str, Any] = {
    "cliente": {"nome": "Flor", "codigo": "42"},
    "itens": [{"produto": "A"}, {"produto": "B"}],
    "hoje": "05/03/2031",
}
STORABLE = st.characters(exclude_categories=["Cs"], exclude_characters="\0")

# what reaches for objects, for other files, or around the escaping
WALKS = (
    "{{ ''.__class__ }}",
    "{{ ''['__class__'].__mro__ }}",
    "{{ [].__class__.__base__.__subclasses__() }}",
    "{{ cliente.__class__.__init__.__globals__ }}",
    "{{ cliente['__class__'].x }}",
    "{{ cliente.nome.__class__ }}",
    "{{ cliente.nome.upper() }}",
    "{{ cliente.nome.format(1) }}",
    "{{ '{0.__class__}'.format(cliente) }}",
    "{{ '%s'|format(cliente) }}",
    "{{ cliente|attr('__class__') }}",
    "{{ cliente.items() }}",
    "{{ itens.append('x') }}",
    "{{ itens.__getitem__ }}",
    "{{ range.__globals__ }}",
    "{{ range.__self__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ namespace().__class__ }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{% for i in itens %}{{ loop.__class__ }}{% endfor %}",
    "{% for i in itens %}{{ loop._iterable }}{% endfor %}",
    "{% for i in itens %}{{ loop.cycle.__func__ }}{% endfor %}",
    "{% macro m() %}{% endmacro %}{{ m.__class__ }}",
    "{% macro m() %}{% endmacro %}{{ m._func.__globals__ }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ lipsum.__globals__.os }}",
    "{{ joiner() }}",
    "{{ dict(a=1) }}",
    "{{ get_flashed_messages }}",
    "{{ request }}",
    "{{ config }}",
    "{{ g }}",
    "{{ cliente.nome|safe }}",
    "{{ cliente.nome|forceescape|safe }}",
    "{{ cliente|xmlattr }}",
    "{{ cliente|tojson }}",
    "{{ cliente|pprint }}",
    "{{ cliente.nome|urlize }}",
    "{{ itens|map('attr', '__class__')|list }}",
    "{{ itens|map('safe')|list }}",
    "{% autoescape false %}{{ cliente.nome }}{% endautoescape %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% from 'os' import path %}",
    "{% extends 'x' %}",
    "{% do itens.append(1) %}",
    "{% set cliente.nome = 'x' %}",
    "{{ cliente() }}",
    "{{ cliente.nome() }}",
    "{{ hoje.decode }}",
)


def refusal(body: str, values: dict[str, Any] | None = None) -> Refused:
    with pytest.raises(Refused) as caught:
        rendered(body, VALUES if values is None else values, 10_000)
    return caught.value


@pytest.mark.parametrize("body", WALKS)
def test_nothing_is_reached_but_the_values(body: str) -> None:
    assert refusal(body).code in ("template_forbidden", "template_variable_unknown", "template_syntax_invalid",
                                  "template_failed")  # fmt: skip


@pytest.mark.parametrize(
    ("body", "code", "line", "name"),
    [
        ("a\n{{ cliente.nmoe }}", "template_variable_unknown", 2, "cliente.nmoe"),
        ("{% if false %}\n{{ fornecedor }}{% endif %}", "template_variable_unknown", 2, "fornecedor"),
        ("{% for item in itens %}\n\n{{ item.cor }}{% endfor %}", "template_variable_unknown", 3, "cor"),
        ("a\nb {{ cliente.nome", "template_syntax_invalid", 2, ""),
        ("a\n{{ cliente.nome|foo }}", "template_forbidden", 2, "foo"),
        ("a\n\n{% include 'x' %}", "template_forbidden", 3, "include"),
        ("a\n{{ cliente.nome.upper() }}", "template_forbidden", 2, "upper"),
        ("a\n{{ 1 / 0 }}", "template_failed", 2, "ZeroDivisionError"),
    ],
)
def test_a_refusal_says_what_and_where(body: str, code: str, line: int, name: str) -> None:
    found = refusal(body)
    assert (found.code, found.line, found.name) == (code, line, name)
    answer = processes.refusal("body", found.code, found.line, found.name)
    assert f"linha {line}" in answer.detail
    assert answer.params["fields"] == {"body": [answer.detail]}


def test_what_a_template_needs_is_there() -> None:
    body = (
        "{% set n = namespace(c=0) %}{% for item in itens %}{{ loop.index }}{{ item.produto|lower }}"
        "{{ loop.cycle('-', '') }}{% set n.c = n.c + 1 %}{% endfor %} {{ n.c }} {{ cliente.nome|default('x') }}"
        "{% macro b(t) %}<b>{{ t }}</b>{% endmacro %}{{ b('a<') }} {{ itens|map(attribute='produto')|join('/') }}"
        "{{ ' sim' if cliente.codigo else '' }}{{ range(3)|join }}"
    )
    assert rendered(body, VALUES, 10_000) == "1a-2b 2 Flor<b>a&lt;</b> A/B sim012"


@given(st.text(alphabet=STORABLE, max_size=60))
def test_every_text_of_a_value_comes_out_as_itself(text: str) -> None:
    shown = rendered("<p>{{ cliente.nome }}</p>", {"cliente": {"nome": text}}, 10_000)
    inner = shown.removeprefix("<p>").removesuffix("</p>")
    assert not set(inner) & set("<>\"'")
    assert html.unescape(inner) == text.replace("\r\n", "\n").replace("\r", "\n") or html.unescape(inner) == text


# of one argument and more, as they are used
ARGUMENTS = {"batch": "(2)", "replace": "('a', cliente.nome)", "slice": "(2)", "center": "(30)", "truncate": "(9)",
             "indent": "(2)", "wordwrap": "(5)", "join": "(cliente.nome)", "default": "(cliente.nome)",
             "d": "(cliente.nome)", "groupby": "(0)", "map": "('upper')", "rejectattr": "('x')",
             "selectattr": "('x')"}  # fmt: skip


@cache
def filtered(name: str) -> Template:
    """A template of the filter `name`, made once: to compile it costs a hundred times what one text in it costs."""
    body = f"{{{{ cliente.nome|{name}{ARGUMENTS.get(name, '')} }}}}{{{{ cliente.nome|e|{name}|string }}}}"
    return sandbox(autoescape=True).from_string(body)


@given(st.text(alphabet=st.sampled_from("<>&\"' ab/\n;lt"), max_size=30))
def test_no_filter_lets_a_value_write_html(text: str) -> None:
    worked = set()
    for name in FILTERS:
        try:
            shown = filtered(name).render(cliente={"nome": text})
        except (TypeError, ValueError, LookupError, TemplateError):
            continue  # not of texts, or not of this one
        worked.add(name)
        assert "<" not in shown, name
    assert len(worked) > 20


class Tags(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


PIECES = st.sampled_from(
    [
        "<script>", "</script>", "<img ", "src=x ", "onerror=alert(1) ", ">", "<style>", "</style>", "<!--", "-->",
        "<svg>", "<math>", "<mtext>", "<a href='", "javascript:alert(1)", "data:text/html,x", "'", '"', "<form ",
        "<iframe srcdoc='", "<p style='", "<base href='//x'>", "<meta http-equiv=refresh content='0;url=//x'>",
        "<noscript>", "<title>", "<textarea>", "<xmp>", "texto", "&lt;", "<table>", "<td>", "\x0b", "<object data='",
        "<link rel=stylesheet href='",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=25))
def test_whatever_is_put_together_only_harmless_tags_stay(pieces: list[str]) -> None:
    found = Tags()
    found.feed(page.clean("".join(pieces)))
    for tag, attributes in found.found:
        assert tag in page.TAGS
        assert not any(name.startswith("on") for name in attributes)
        assert (attributes.get("href") or "http").split(":")[0] in ("http", "https", "mailto", "tel")
        assert PICTURE.match(attributes.get("src") or "data:image/png;base64,AA==")


def test_a_mark_cannot_be_hidden_by_a_style() -> None:
    shown = page.page("t", "<style>div { display: none !important }</style><p>x</p>", "SEM VALIDADE")
    assert "display:block!important" in shown
    assert shown.index("SEM VALIDADE") < shown.index("<p>x</p>")


def test_of_one_company_fewer_run_than_of_all_and_the_rest_is_told_to_come_again() -> None:
    room = RenderingSlots(running=2, running_of_one=1, inside=4, inside_of_one=2)
    stay, entered = threading.Event(), threading.Semaphore(0)

    def hold(company: str) -> None:
        with room.slot(company, 20):
            entered.release()
            stay.wait(20)

    threads = [threading.Thread(target=hold, args=("a",), daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert entered.acquire(timeout=10)
    while room._inside["a"] < 2:
        time.sleep(0.001)
    assert not entered.acquire(timeout=0.05), "the second of one company waits"
    with pytest.raises(Unavailable, match="papers_busy"), room.slot("a", 20):
        pass
    with room.slot("b", 1):
        pass  # another company's goes on
    stay.set()
    for thread in threads:
        thread.join(10)
    assert (room._running.total(), room._inside.total()) == (0, 0)
    with room.slot("a", 1):
        pass
