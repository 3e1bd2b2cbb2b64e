"""Flows, tags, filing and totals (rows A5, A6, A13, A14), without a database."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.attendance.attendances.listing import facets, stored, wanted_keys
from services.attendance.attendances.model.attendance import Attendance
from services.attendance.attendances.model.quotes import SeenQuote, in_approval, value_of, with_quote
from services.attendance.filing import model as filing_model
from services.attendance.filing.model import Share, Step, archive, filed_at_opening, restore, retag, trash, unarchive
from services.attendance.filing.repository import View
from services.attendance.flows.model import Flow
from services.attendance.settings.model import COLUMNS, Settings, columns_of
from services.attendance.shared.words import prefixes
from services.attendance.tags.model import ORDERING_SECONDS, TODOS, Board, Tag
from services.chassis.errors import Conflict, Failure, Invalid, NotFound
from services.chassis.texts import fold

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(seconds=ORDERING_SECONDS)


def flow(name: str, *tags: str) -> Flow:
    board = Board([Tag(f"{name}-{tag}", tag, "#000000") for tag in tags])
    return Flow(name, name, name, "", ["ana"], True, NOW, board=board)


def attendance(**fields: Any) -> Attendance:
    return Attendance.open(id="a", person_id="p", title="Visita", reference=7, at=NOW, **fields)


def code(refusal: pytest.ExceptionInfo[Failure]) -> str:
    return refusal.value.code


def test_todos_is_first_and_cannot_be_touched() -> None:
    board = flow("f", "Quente").board
    assert [tag.id for tag in board.all_tags()] == [TODOS, "f-Quente"]
    for step in (
        lambda: board.change(TODOS, "Tudo", None),
        lambda: board.delete(TODOS),
        lambda: board.linkable([TODOS], NOW),
    ):
        with pytest.raises(Conflict, match="tag_fixed"):
            step()
    with pytest.raises(Conflict, match="tag_reserved"):
        board.add(Tag("x", "Tódos", "#000000"))
    with pytest.raises(Conflict, match="tag_reserved"):
        board.change("f-Quente", "TODOS", None)


def test_the_lock_is_its_owners_until_the_clock_says_otherwise() -> None:
    board = flow("f", "Quente").board
    board.take("ana", "Ana", NOW)
    last = LATER - dt.timedelta(milliseconds=1)
    with pytest.raises(Conflict, match="ordering_taken"):
        board.take("caio", "Caio", last)
    with pytest.raises(Conflict, match="tags_being_ordered"):
        board.linkable(["f-Quente"], last)
    with pytest.raises(Conflict, match="ordering_taken"):
        board.release("caio", last)
    assert board.renew("ana", "Ana", last).until == last + dt.timedelta(seconds=ORDERING_SECONDS)
    board.take("ana", "Ana", NOW)
    assert board.linkable(["f-Quente"], LATER)
    with pytest.raises(Conflict, match="ordering_not_held"):
        board.renew("ana", "Ana", LATER)
    board.take("caio", "Caio", LATER)
    board.release("caio", LATER)
    board.release("ana", LATER)
    assert not board.is_ordering(LATER)


@given(st.permutations(["a", "b", "c"]), st.integers(0, 3))
def test_any_order_leaves_todos_first(order: list[str], at: int) -> None:
    board = Board([Tag(one, one, "#000000") for one in "abc"])
    board.take("ana", "Ana", NOW)
    board.order([*order[:at], TODOS, *order[at:]], "ana", NOW)
    assert [tag.id for tag in board.all_tags()] == [TODOS, *order]
    with pytest.raises(Invalid, match="order_incomplete"):
        board.order(order[:2], "ana", NOW)


def test_moving_matches_tags_by_name_and_makes_the_missing() -> None:
    source, target = flow("s", "Ação", "Frio", "Velha"), flow("t", "ACAO")
    one = attendance(flow_id="s", tags=["s-Ação", "s-Frio", "gone"])
    ids = (f"new{number}" for number in count())
    step = filing_model.move(one, source, target, lambda: next(ids))
    assert (one.flow_id, one.tags) == ("t", ["t-ACAO", "new0"])
    assert [tag.name for tag in target.board.tags] == ["ACAO", "Frio"]
    assert step.text == "Movido do fluxo s para o fluxo t."


def test_opening_in_a_flow_needs_an_active_one_and_tags_need_a_flow() -> None:
    with pytest.raises(Invalid, match="tags_without_flow"):
        filed_at_opening(None, ["x"], NOW)
    with pytest.raises(NotFound, match="tag_not_found"):
        filed_at_opening(flow("f"), ["x"], NOW)
    closed = flow("f")
    closed.switch(active=False)
    with pytest.raises(Conflict, match="flow_inactive"):
        filed_at_opening(closed, [], NOW)


def test_a_share_moves_whole_between_flows_and_filings() -> None:
    quotes = [SeenQuote("q", 1, "in_approval", "BRL", 1000), SeenQuote("r", 1, "in_approval", "BRL", 50)]
    one = attendance(flow_id="f", quotes=[*quotes, SeenQuote("s", 1, "rejected", "BRL", 7)])
    assert (one.value, one.currency, one.quotes_in_approval) == (Decimal("10.50"), "BRL", 2)
    share = Share.of(one)
    assert share is not None
    assert share.counts() == {"active.attendances": 1, "active.quotes": 2, "active.amounts.BRL": 1050}
    archive(one)
    archived = Share.of(one)
    assert archived is not None
    assert set(archived.counts()) == {"archived.attendances", "archived.quotes", "archived.amounts.BRL"}
    assert Share.of(attendance()) is None


def test_quotes_are_kept_as_last_told_in_whatever_order_they_come() -> None:
    first, second = SeenQuote("q", 1, "in_approval", "BRL", 1000), SeenQuote("q", 2, "approved", "BRL", 900)
    other = SeenQuote("r", 1, "in_approval", "USD", 500)
    assert with_quote([], first) == [first]
    assert with_quote([second], first) is None
    assert with_quote([first], first) is None
    assert with_quote([first, other], second) == [second, other]
    assert value_of([second, other]) == (Decimal("9.00"), "BRL")
    assert in_approval([first, other]) == (2, {"BRL": 1000, "USD": 500})
    assert value_of([]) == (Decimal(0), "BRL")


class Filing(RuleBasedStateMachine):
    """Any order of steps: legal ones change the state and leave an entry, others change nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.flows = {name: flow(name, "Quente", "Frio") for name in ("f", "g")}
        self.one = attendance(flow_id="f")
        self.counted: Counter[str] = Counter()
        self.count(None, Share.of(self.one))
        self.steps: list[Step] = []
        self.ids = count()

    def count(self, before: Share | None, after: Share | None) -> None:
        for share, sign in ((before, -1), (after, 1)):
            for path, number in share.counts(sign).items() if share else ():
                self.counted[f"{share.flow_id}.{path}" if share else ""] += number

    def act(self, step: Any) -> None:
        before, was = Share.of(self.one), (self.one.filed, self.one.flow_id, list(self.one.tags))
        try:
            done = step()
        except Conflict:
            assert (self.one.filed, self.one.flow_id, self.one.tags) == was
            return
        if done is not None:
            self.steps.append(done)
            self.count(before, Share.of(self.one))

    @rule(step=st.sampled_from([archive, unarchive, trash, restore]))
    def file(self, step: Any) -> None:
        self.act(lambda: step(self.one))

    @rule(to=st.sampled_from(["f", "g"]))
    def move(self, to: str) -> None:
        source = self.flows[str(self.one.flow_id)]
        self.act(lambda: filing_model.move(self.one, source, self.flows[to], lambda: f"n{next(self.ids)}"))

    @precondition(lambda self: self.flows[self.one.flow_id].board.tags)
    @rule(at=st.integers(0, 1), links=st.booleans())
    def tag(self, at: int, links: bool) -> None:
        tag = self.flows[str(self.one.flow_id)].board.tags[at]
        self.act(lambda: retag(self.one, [tag] if links else [], [] if links else [tag]))

    @rule()
    def close(self) -> None:
        if self.one.status == "open" and self.one.filed != "trashed":
            self.one.close(NOW)

    @invariant()
    def every_tag_is_of_its_flow(self) -> None:
        board = self.flows[str(self.one.flow_id)].board
        assert [tag.id for tag in board.living(self.one.tags)] == sorted(
            self.one.tags, key=[tag.id for tag in board.tags].index
        )

    @invariant()
    def the_totals_count_it_once(self) -> None:
        assert {path: n for path, n in self.counted.items() if n} == {
            f"{self.one.flow_id}.{self.one.filed}.attendances": 1
        }

    @invariant()
    def the_history_explains_the_state(self) -> None:
        filed = [step.data["to"] for step in self.steps if step.change not in ("moved", "tagged")]
        assert self.one.filed == (filed[-1] if filed else "active")
        moves = [step.data["to"] for step in self.steps if step.change == "moved"]
        assert self.one.flow_id == (moves[-1] if moves else "f")
        tags = [step.data["tags"] for step in self.steps if step.change in ("moved", "tagged")]
        assert self.one.tags == (tags[-1] if tags else [])


TestFiling = Filing.TestCase
TestFiling.settings = settings(stateful_step_count=25)


def test_the_columns_are_each_there_once() -> None:
    assert columns_of([{"name": "subject", "visible": True}])[0].name == "subject"
    for wrong in ([], [{"name": "phone", "visible": True}], [{"name": "subject", "visible": False}]):
        with pytest.raises(Invalid, match="columns_invalid"):
            columns_of(wrong)
    assert {column.name for column in Settings().columns} == set(COLUMNS)


@given(st.text(max_size=60))
def test_whatever_the_text_its_words_are_found_again(text: str) -> None:
    keys = prefixes(text)
    for key in wanted_keys(" ".join(fold(text).split()[:3])):
        assert key in keys or key[0] in "@#" or not key


def test_a_search_reads_dates_references_and_words() -> None:
    assert wanted_keys("24/11/2026 #007 For 2026-01-02 ünico a") == [
        "@2026-11-24", "#7", "for", "@2026-01-02", "unico",
    ]  # fmt: skip
    assert wanted_keys("24/11/26 30/02/26")[0] == "@2026-11-24"
    assert wanted_keys("a") == ["a"]
    assert wanted_keys("  ") == []
    assert View("f", "active", "-title", q="31/02/2026").keys == ["31", "02", "2026"]


def test_only_attendances_in_a_flow_pay_for_its_lists() -> None:
    plain = attendance(opened_by="ana", next_user_id="ana")
    kept = stored(plain, {}, lambda: dt.UTC)
    assert (kept["labels"], kept["keys"]) == ([], [])
    assert facets(plain) == ["*", "user:ana"]
    filed = stored(attendance(flow_id="f", tags=["t"]), {}, lambda: dt.UTC)
    assert filed["labels"] == ["*", "t"]
    assert {"#7", "7", "vi", "visita", "@2026-11-24", "tag:t"} <= set(filed["keys"])
