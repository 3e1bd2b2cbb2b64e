"""Makes the DANFE, the printed NF-e that goes with the goods (row S22; Manual de Orientação do Contribuinte, annex 2).

It computes for tenths of a second: the gateway calls `as_pdf` in a thread (ADR 0015); a service has `made` do it in a
process of its own, for there it would block every other green thread.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from services.chassis.errors import Unavailable

ROOT = Path(__file__).resolve().parents[3]
SECONDS = 60


def as_pdf(xml: str, cancelled: bool) -> bytes:
    """The PDF. `xml`: an authorised NF-e with its protocol (nfeProc), in the layout in force when it was issued."""
    # 40 MB, which a process that prints nothing does without
    from brazilfiscalreport.danfe import Danfe, DanfeConfig, InvoiceDisplay, TaxConfiguration

    config = DanfeConfig(
        watermark_cancelled=cancelled,
        tax_configuration=TaxConfiguration.WITHOUT_IPI,  # no document of ours has it (ADR 0017)
        invoice_display=InvoiceDisplay.DUPLICATES_ONLY,
    )
    return bytes(Danfe(xml, config).output())


def made(xml: str, cancelled: bool) -> bytes:
    """The same, by a process of its own; raises Unavailable("danfe_failed")."""
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
