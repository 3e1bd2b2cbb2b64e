"""Correction letters of NF-e, asked for (row S22)."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import Conflict
from services.chassis.handling.entrypoints import command
from services.sales.corrections import contract
from services.sales.corrections.model import Correction, fitted_correction, next_number
from services.sales.corrections.repository import WORKS
from services.sales.nfe.pending_work import enqueue_work
from services.sales.session import SalesSession
from services.sales.shared.users import acting_user

Data = dict[str, Any]


@command(takes=contract.CorrectNfe, gives=contract.Correction, needs="sales.write", section="orders")
def correct_nfe(tx: SalesSession, data: Data) -> Correction:
    """A job sends the letter to the authority. Raises NotFound("nfe_not_found"), Invalid("correction_text_invalid"),
    Conflict: certificate_missing, and what model.next_number does."""
    nfe, text = tx.nfes.get(data["nfe_id"]), fitted_correction(data["text"])
    number = next_number(nfe, tx.corrections.of_nfe(nfe.id), tx.now)
    if tx.fiscal.certificate() is None:
        raise Conflict("certificate_missing", "Cadastre o certificado digital para corrigir a NF-e.")
    by = acting_user(tx)
    letter = Correction(tx.new_id(), nfe.id, nfe.person_id, nfe.attendance_id, number, text, tx.now, by)
    tx.corrections.add(letter)
    # two requests at once conflict here, and one is retried
    tx.nfes.save(nfe)
    enqueue_work(tx, WORKS, letter.id, begun=False)
    return letter
