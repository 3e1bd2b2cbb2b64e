"""Sending an NF-e to its customer by e-mail on request (row S22)."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import Conflict
from services.chassis.handling.entrypoints import command
from services.sales.nfe.pending_work import enqueue_mail
from services.sales.nfe_mails import contract
from services.sales.nfe_mails.model import refuse_unissued
from services.sales.session import SalesSession

Data = dict[str, Any]


@command(takes=contract.SendNfe, gives=contract.NfeSending, needs="sales.write", section="orders")
def send_nfe(tx: SalesSession, data: Data) -> Data:
    """Raises NotFound("nfe_not_found"), Conflict: nfe_not_authorised, person_email_missing, person_erased."""
    nfe = tx.nfes.get(data["nfe_id"])
    refuse_unissued(nfe)
    address = tx.persons.get(nfe.person_id).get("email")
    if not address:
        raise Conflict("person_email_missing", "O cliente não tem e-mail principal.")
    enqueue_mail(tx, nfe.id)
    return {"nfe_id": nfe.id, "recipients": [address]}
