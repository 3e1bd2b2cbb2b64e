"""Correction letters of NF-e, asked for (row S22)."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import Conflict
from services.chassis.handling.entrypoints import command
from services.sales.corrections import contract
from services.sales.corrections.model import Correction, next_number, written
from services.sales.corrections.repository import WORKS
from services.sales.session import SalesSession
from services.sales.shared.who import Who

Data = dict[str, Any]


@command(takes=contract.CorrectNfe, gives=contract.Correction, needs="sales.write", section="orders")
def correct_nfe(tx: SalesSession, data: Data) -> Correction:
    """The authority is asked afterwards. Raises NotFound("nfe_not_found"), Invalid("correction_text_invalid"),
    Conflict: certificate_missing, and what model.next_number does."""
    nfe, text = tx.nfes.get(data["nfe_id"]), written(data["text"])
    number = next_number(nfe, tx.corrections.of_nfe(nfe.id), tx.now)
    if tx.fiscal.certificate() is None:
        raise Conflict("certificate_missing", "Cadastre o certificado digital para corrigir a NF-e.")
    by = Who(tx.actor.id, tx.actor.name)
    letter = Correction(tx.new_id(), nfe.id, nfe.person_id, nfe.attendance_id, number, text, tx.now, by)
    tx.corrections.add(letter)
    # of two that ask at once, one is first
    tx.nfes.save(nfe)
    actor = {"id": by.id, "name": by.name}
    tx.enqueue(WORKS, {"_id": letter.id, "tries": 0, "begun": False, "actor": actor})
    return letter
