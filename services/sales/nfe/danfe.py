"""Makes the DANFE, the printed NF-e that goes with the goods (row S22; Manual de Orientação do Contribuinte, annex 2).

One takes tenths of a second, with 200 products seconds, so `make_in_subprocess` makes it in another process, where it
blocks no other thread.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from itertools import accumulate, islice, takewhile
from pathlib import Path
from typing import Any

from services.chassis.errors import Unavailable

ROOT = Path(__file__).resolve().parents[3]
SECONDS = 60


def as_pdf(xml: str, cancelled: bool) -> bytes:
    """The PDF. `xml`: an authorised NF-e with its protocol (nfeProc), in the layout in force when it was issued."""
    # imported here: it takes 40 MB
    from brazilfiscalreport.danfe import DanfeConfig, InvoiceDisplay, TaxConfiguration

    config = DanfeConfig(
        watermark_cancelled=cancelled,
        tax_configuration=TaxConfiguration.WITHOUT_IPI,  # no document of ours has it (ADR 0017)
        invoice_display=InvoiceDisplay.DUPLICATES_ONLY,
    )
    return bytes(_layout(xml)(xml, config).output())


def _layout(xml: str) -> Any:
    """The library's layout, which measures each product once.

    The library itself measures all remaining products for each page: 200 products took up to two minutes.
    """
    from brazilfiscalreport.danfe import danfe

    usual = danfe.resolve_layout(xml)
    layout: Any = danfe.DanfeMoc70 if usual == danfe.DanfeLayout.MOC_7_0 else danfe.DanfeNt2026010

    class SetOnce(layout):
        _measured: tuple[float, ...] = ()

        def _calculate_product_splits(self, products: list[Any], height_product_table: float) -> tuple[list[Any], ...]:
            """Splits the remaining products into those that fit on a page of this height (at least one), and the
            others.
            """
            if not self._measured:
                with self._disable_writing():
                    rows = self._draw_products(height_product_table, products)[0]
                self._measured = tuple(getattr(row, "height", row) for row in rows)
            header, *heights = self._measured
            ends = accumulate(heights[len(heights) - len(products) :], initial=header)
            fitting = sum(1 for _ in takewhile(lambda end: end <= height_product_table, islice(ends, 1, None)))
            return products[: max(fitting, 1)], products[max(fitting, 1) :]

    return SetOnce


def make_in_subprocess(xml: str, cancelled: bool) -> bytes:
    """As `as_pdf`, in another process; raises Unavailable("danfe_failed") after SECONDS, or if it fails."""
    job = json.dumps({"xml": xml, "cancelled": cancelled}).encode()
    command = [sys.executable, "-m", "services.sales.nfe.danfe"]
    try:
        done = subprocess.run(command, input=job, capture_output=True, cwd=ROOT, timeout=SECONDS, check=True)
    except (subprocess.SubprocessError, OSError) as error:
        raise Unavailable("danfe_failed", "O DANFE não pôde ser gerado; tente novamente em instantes.") from error
    return base64.b64decode(done.stdout)


def main() -> None:
    job: dict[str, Any] = json.load(sys.stdin)
    sys.stdout.write(base64.b64encode(as_pdf(job["xml"], job["cancelled"])).decode())


if __name__ == "__main__":
    main()
