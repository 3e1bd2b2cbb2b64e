"""Voided numbers of NF-e, asked for (row S22)."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import Conflict
from services.chassis.handling.entrypoints import command
from services.sales.nfe.model.asking import REQUESTED
from services.sales.session import SalesSession
from services.sales.shared.today import today
from services.sales.shared.who import Who
from services.sales.voiding import contract
from services.sales.voiding.model import (
    Voiding,
    refuse_incomplete,
    refuse_used,
    refuse_voided,
    refuse_wrong_range,
    written,
)
from services.sales.voiding.repository import WORKS

Data = dict[str, Any]


@command(takes=contract.VoidNumbers, gives=contract.Voiding, needs="sales.configure", section="orders")
def void_numbers(tx: SalesSession, data: Data) -> Voiding:
    """The authority is asked afterwards. Raises Invalid: numbers_invalid, reason_invalid; Conflict: nfe_series_missing,
    fiscal_settings_incomplete, certificate_missing, nfe_number_untaken, nfe_number_used, nfe_number_of_another_year,
    nfe_numbers_voided."""
    settings, first, last = tx.fiscal.settings(), data["first"], data["last"]
    series = settings.series if data["series"] is None else data["series"]
    if series is None:
        raise Conflict("nfe_series_missing", "Informe a série dos números.")
    refuse_incomplete(settings)
    environment, year = settings.environment, today(tx).year
    refuse_wrong_range(first, last, tx.fiscal.last_number(environment, series))
    refuse_used(tx.nfes.numbered(environment, series, first, last), year, tx.zone.get())
    refuse_voided(tx.voidings.touching(environment, series, first, last))
    if tx.fiscal.certificate() is None:
        raise Conflict("certificate_missing", "Cadastre o certificado digital para inutilizar números.")
    # two that ask at once do so one after the other
    tx.fiscal.touch_numbers(environment, series)
    by = Who(tx.actor.id, tx.actor.name)
    voiding = Voiding(
        tx.new_id(), REQUESTED, environment, settings.address.state, settings.cnpj, series, first, last, year,
        written(data["reason"]), tx.now, by,
    )  # fmt: skip
    tx.voidings.add(voiding)
    actor = {"id": by.id, "name": by.name}
    tx.enqueue(WORKS, {"_id": voiding.id, "tries": 0, "begun": False, "actor": actor})
    return voiding
