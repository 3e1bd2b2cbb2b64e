"""An NF-e as it is answered."""

from __future__ import annotations

from typing import Any

from services.sales.nfe.model.key import of_contingency
from services.sales.nfe.model.nfe import Nfe

Data = dict[str, Any]


def present_nfe(nfe: Nfe) -> Data:
    return {**vars(nfe), "number_unused": nfe.number_unused, "contingency": of_contingency(nfe.key)}
