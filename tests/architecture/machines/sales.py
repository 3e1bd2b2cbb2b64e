"""Of sales: opportunities, versions of quotes, NF-e."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from services.sales.closing.model import LOST, WON, Closing
from services.sales.nfe import jobs as transmitting
from services.sales.nfe.model import nfe as nfe_model
from services.sales.nfe.model.answers import DENIED, Answer
from services.sales.nfe.model.nfe import AUTHORISED, REQUESTED, SENT, Nfe
from services.sales.opportunities import model as opportunities
from services.sales.opportunities.model import Opportunity
from services.sales.pipeline.model import Pipeline
from services.sales.quotes import model as quotes
from services.sales.quotes.model import Offer, Quote
from services.sales.shared.items import Basket
from tests.architecture.machines.driving import COMMON, NOW, TODAY, Machine, Samples, methods_of, one, when

PIPELINE = Pipeline.default("c1")


def opportunity() -> Machine:
    """What closes it with an outcome asks must_take_an_outcome (closing/commands.py); the end of its conversation does
    not ask (subscribers.py)."""
    samples: Samples = {
        **COMMON, "data": [{}], "stage": [PIPELINE.first], "pipeline": [PIPELINE], "active_before": [NOW],
        "add": [()], "remove": [()], "known": [()], "next_contact": [None],
    }  # fmt: skip

    def closes(outcome: str | None) -> Callable[[Opportunity], None]:
        def close(record: Opportunity) -> None:
            if outcome is not None:
                record.must_take_an_outcome()
            record.close(NOW, PIPELINE.closing, Closing("Ana", outcome=outcome))

        return close

    return Machine(
        begin=("create", lambda _: Opportunity.create(
            "o1", "c1", PIPELINE.first, NOW, TODAY, {"person_id": "p1", "description": "Plano"})),
        steps=[
            *methods_of(Opportunity, samples, apart={"close"}),
            *(("close", closes(outcome)) for outcome in (WON, LOST, None)),
        ],
        seen=one(lambda record: "archived" if record.archived_at else record.outcome or record.status),
        facts=lambda record: (record.status, record.outcome, record.archived_at, record.stage_id, record.reopened_at),
        states={opportunities.OPEN, opportunities.CLOSED, WON, LOST, "archived"},
    )  # fmt: skip


def quote() -> Machine:
    """Each version has its state; three versions are enough to see all that becomes of one."""
    samples: Samples = {**COMMON, "number": [1, 2, 3], "order_id": ["o1"]}

    def offer(record: Quote) -> None:
        item = {
            "product": "P1",
            "description": "Bolo",
            "quantity": Decimal(1),
            "unit_price": Decimal(len(record.versions)),
        }
        record.offer(Offer(Basket.of([item], None)), "u1", "Ana", NOW)

    def first(_: None) -> Quote:
        made = Quote("q1", 1, "p1", "a1", None, NOW)
        offer(made)
        return made

    return Machine(
        begin=("offer", first),
        steps=[
            *methods_of(Quote, samples, apart={"offer"}),
            *when(lambda record: len(record.versions) < 3, [("offer", offer)]),
        ],
        seen=lambda record: {version.number: version.status for version in record.versions},
        facts=lambda record: (*(version.status for version in record.versions), record.order_id),
        states={quotes.IN_APPROVAL, quotes.APPROVED, quotes.REJECTED, quotes.VOID},
    )


def _built(record: Nfe) -> None:
    record.build("k", Decimal(1), NOW)
    record.hand_over()


def _cancelled(record: Nfe) -> None:
    if record.ask_cancellation("Desistiu.", NOW, "Ana"):
        record.hand_over()


def nfe() -> Machine:
    """It is `requested` only inside the command that builds it; the job has one that was handed over, and asks about
    what was sent (nfe/jobs.py, Transmission.run)."""
    actor = SimpleNamespace(id="u1", name="Ana")
    mails: Any = {"enqueue": lambda *_: None, "new_id": lambda: "w1", "actor": actor}
    tx: Any = SimpleNamespace(now=NOW, nfes=SimpleNamespace(keep=lambda *_: None), **mails)

    def answered(conclude: Callable[..., None], code: str) -> Callable[[Nfe], None]:
        return lambda record: conclude(tx, record, Answer(code, at=NOW))

    driven = {"hand_over", "send", "authorise", "reject", "cancel", "refuse_cancellation", "ask_cancellation"}
    samples: Samples = {
        **COMMON, "missing": [[]], "environment": ["production"], "series": [1], "number": [1], "key": ["k"],
        "total": [Decimal(1)], "receipt": ["r"], "trouble": ["x"],
    }  # fmt: skip
    asked = [
        ("authorise", answered(transmitting._authorisation, "100")),
        ("reject", answered(transmitting._authorisation, "539")),
        ("reject", answered(transmitting._authorisation, DENIED[0])),
        ("cancel", answered(transmitting._authorisation, "101")),
    ]
    cancelling = [("cancel", answered(transmitting._cancellation, code)) for code in ("135", "155", "501")]
    return Machine(
        begin=("request", lambda _: Nfe("n1", "o1", 1, "p1", 1, NOW, "Ana")),
        steps=[
            *methods_of(Nfe, samples, apart=driven),
            ("build", _built),
            *when(lambda record: record.status != REQUESTED, [("ask_cancellation", _cancelled)]),
            *when(lambda record: record.handed_over, [("send", lambda record: transmitting._send(tx, record, ""))]),
            *when(lambda record: record.handed_over and record.status == SENT, asked),
            *when(lambda record: record.handed_over and record.status == AUTHORISED, cancelling),
        ],
        seen=one(lambda record: record.status),
        facts=lambda record: (record.status, record.handed_over, record.said and record.said.code, record.number),
        states=set(nfe_model.STATUSES),
    )
