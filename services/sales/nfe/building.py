"""Building an NF-e from an order: its data, what is missing, its number, key and XML (row S22)."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from services.chassis.errors import Conflict, Internal
from services.sales.fiscal.model import FiscalSettings, Place
from services.sales.nfe.authority import document, schemas
from services.sales.nfe.model.key import NORMAL_EMISSION, access_key, contingency_emission, random_code
from services.sales.nfe.model.missing import Missing, missing_of
from services.sales.nfe.model.nfe import CANCELLED, Nfe
from services.sales.nfe.model.parts import (
    NON_CONTRIBUTOR,
    FiscalProduct,
    Line,
    Recipient,
    goods_of,
    refuse_unbillable,
    refuse_unbillable_offer,
    total_of,
)
from services.sales.orders.model import Order
from services.sales.quotes.model import Offer
from services.sales.session import SalesSession

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sources:
    """The current data of a document; `sold`: the order, or a quote's offer."""

    sold: Order | Offer
    settings: FiscalSettings
    recipient: Recipient
    lines: list[Line]
    missing: list[Missing]


def sources_of(session: SalesSession, order: Order) -> Sources:
    """Raises Conflict: order_cancelled, nfe_of_purchase, nfe_currency_unsupported, nfe_without_goods,
    nfe_regime_unsupported, person_erased."""
    refuse_unbillable(order)
    return _gather(session, order.person_id, order)


def sources_of_offer(session: SalesSession, person_id: str, offer: Offer) -> Sources:
    """The sources of the order that would be placed from an offer. Raises Conflict: nfe_without_goods,
    nfe_currency_unsupported, nfe_regime_unsupported, person_erased.
    """
    refuse_unbillable_offer(offer.basket, offer.currency)
    return _gather(session, person_id, offer)


def _gather(session: SalesSession, person_id: str, sold: Order | Offer) -> Sources:
    settings = session.fiscal.settings()
    settings.refuse_unsupported()
    recipient = Recipient.of(session.persons.get(person_id), person_id)
    lines = goods_of(sold, fiscal_data(session, {item.product for item in sold.basket.items}))
    numbered = session.fiscal.last_number(settings.environment, settings.series) is not None
    return Sources(sold, settings, recipient, lines, missing_of(settings, numbered, recipient, lines))


def fiscal_data(session: SalesSession, codes: set[str]) -> dict[str, FiscalProduct]:
    """The fiscal data by product code: from the catalogue, else as entered in an earlier version."""
    catalogue = session.products.of_codes(codes)
    before = session.fiscal.legacy_data_of(codes - catalogue.keys())
    return {
        **{code: FiscalProduct(code, **fields) for code, fields in before.items()},
        **{
            code: FiscalProduct(code, product.id, product.unit, **vars(product.fiscal))
            for code, product in catalogue.items()
        },
    }


def build(tx: SalesSession, nfe: Nfe, sources: Sources) -> None:
    """Builds the document. Takes its number in this transaction, unless it has one in the current series."""
    settings = sources.settings
    environment, series = settings.environment, settings.series or 0
    number = nfe.number_in(environment, series) or tx.fiscal.next_number(environment, series)
    nfe.take_number(environment, series, number)
    issued_at = tx.now.astimezone(tx.zone.get())
    code = random_code(nfe.id, number)
    state = settings.address.state
    emission = contingency_emission(state) if settings.contingency else NORMAL_EMISSION
    key = access_key(state, issued_at.date(), settings.cnpj, series, number, code, emission)
    nfe.build(key, total_of(sources.lines), tx.now)
    final = nfe.final_consumer
    draft = document.Draft(
        key=key,
        series=series,
        number=number,
        issued_at=issued_at,
        settings=settings,
        recipient=sources.recipient,
        delivered_to=sources.recipient.address or Place(),
        lines=sources.lines,
        final_consumer=sources.recipient.indicator == NON_CONTRIBUTOR if final is None else final,
        instalments=sources.sold.terms.count,
        emission=emission,
    )
    xml = document.xml_of(draft)
    _refuse_faulty(xml)
    tx.nfes.keep(nfe, "nfe", xml, tx.now)


def _refuse_faulty(xml: str) -> None:
    """Raises Internal("nfe_schema_failed"): missing data was checked before, so the program is at fault."""
    found = schemas.faults_of_unsigned(xml)
    if found:
        log.error("nfe outside the schema", extra={"faults": found[:10]})
        raise Internal("nfe_schema_failed", "A NF-e montada não segue o leiaute oficial; a equipe foi avisada.")


def refuse_second_nfe(known: Nfe | None) -> None:
    """Raises Conflict("nfe_exists") while the order has one that was not cancelled."""
    if known is not None and known.status != CANCELLED:
        raise Conflict("nfe_exists", "Esta venda já tem NF-e.", nfe_id=known.id, status=known.status)
