"""Makes the DANFE, the printed NF-e that goes with the goods (row S22; Manual de Orientação do Contribuinte, annex 2).

This runs in a thread of the gateway, never in a service: there it would block every other green thread (ADR 0015).
"""

from __future__ import annotations

from brazilfiscalreport.danfe import Danfe, DanfeConfig, InvoiceDisplay, TaxConfiguration


def as_pdf(xml: str, cancelled: bool) -> bytes:
    """The PDF. `xml`: an authorised NF-e with its protocol (nfeProc), in the layout in force when it was issued."""
    config = DanfeConfig(
        watermark_cancelled=cancelled,
        tax_configuration=TaxConfiguration.WITHOUT_IPI,  # no document of ours has it (ADR 0017)
        invoice_display=InvoiceDisplay.DUPLICATES_ONLY,
    )
    return bytes(Danfe(xml, config).output())
