"""Row S22: a DANFE of many products costs what its length does, and is the library's own, page by page."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from brazilfiscalreport.danfe import Danfe, DanfeConfig, InvoiceDisplay, TaxConfiguration
from brazilfiscalreport.danfe.danfe import DanfeMoc70, DanfeNt2026010

from services.sales.nfe import danfe
from services.sales.nfe.authority import document
from services.sales.nfe.model.parts import goods_of
from tests.support.builders.nfe_records import BUYER, ISSUER, NOW, PRODUCT, draft_of, order_item, order_of
from tests.support.pdf import text_of

PROTOCOL = (
    '<protNFe versao="4.00"><infProt><tpAmb>2</tpAmb><verAplic>1</verAplic><chNFe>{key}</chNFe>'
    "<dhRecbto>2026-01-01T10:00:00-03:00</dhRecbto><nProt>135260000000001</nProt><digVal>AA==</digVal>"
    "<cStat>100</cStat><xMotivo>Autorizado</xMotivo></infProt></protNFe>"
)
# The last day of the layout before NT 2026.010, and the first day of this one.
DAYS = [dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC), dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)]


def authorised(products: int, issued_at: dt.datetime = NOW) -> str:
    sold = [order_item(description=f"{number} {'W' * 116}", unit_price=Decimal("9.99")) for number in range(products)]
    draft = replace(draft_of(ISSUER, BUYER, goods_of(order_of(sold), {"BOLO": PRODUCT}), 1), issued_at=issued_at)
    protocol = PROTOCOL.format(key=draft.key)
    return f'<nfeProc xmlns="{document.NAMESPACE}" versao="4.00">{document.xml_of(draft)}{protocol}</nfeProc>'


@pytest.mark.parametrize("issued_at", DAYS)
@pytest.mark.parametrize("products", [1, 12])
def test_its_pages_are_the_librarys(products: int, issued_at: dt.datetime) -> None:
    config = DanfeConfig(
        tax_configuration=TaxConfiguration.WITHOUT_IPI, invoice_display=InvoiceDisplay.DUPLICATES_ONLY
    )  # fmt: skip
    xml = authorised(products, issued_at)
    assert text_of(danfe.as_pdf(xml, cancelled=False)) == text_of(bytes(Danfe(xml, config).output()))


@pytest.mark.parametrize("issued_at", DAYS)
def test_a_product_is_set_to_be_measured_once_and_for_its_page(
    issued_at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = Counter[str]()
    for layout in (DanfeMoc70, DanfeNt2026010):
        drawn = layout._draw_products

        def draw(pdf: Any, height: float, products: list[Any], *more: Any, drawn: Any = drawn) -> Any:
            counted["products"] += len(products)
            return drawn(pdf, height, products, *more)

        monkeypatch.setattr(layout, "_draw_products", draw)
    danfe.as_pdf(authorised(60, issued_at), cancelled=False)
    assert 60 < counted["products"] <= 3 * 60
