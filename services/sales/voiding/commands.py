"""Voided numbers of NF-e, asked for (row S22)."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import Conflict
from services.chassis.handling.entrypoints import command
from services.sales.nfe.model.requests import REQUESTED
from services.sales.nfe.pending_work import enqueue_work
from services.sales.session import SalesSession
from services.sales.shared.today import today
from services.sales.shared.users import acting_user
from services.sales.voiding import contract
from services.sales.voiding.model import (
    Voiding,
    fitted_reason,
    refuse_incomplete,
    refuse_used,
    refuse_voided,
    refuse_wrong_range,
)
from services.sales.voiding.repository import WORKS

Data = dict[str, Any]


@command(takes=contract.VoidNumbers, gives=contract.Voiding, needs="sales.configure", section="orders")
def void_numbers(tx: SalesSession, data: Data) -> Voiding:
    """A job declares them to the authority. Raises Invalid: numbers_invalid, reason_invalid; Conflict:
    nfe_series_missing, fiscal_settings_incomplete, certificate_missing, nfe_number_untaken, nfe_number_used,
    nfe_number_of_another_year, nfe_numbers_voided.
    """
    settings, first, last = tx.fiscal.settings(), data["first"], data["last"]
    series = settings.series if data["series"] is None else data["series"]
    if series is None:
        raise Conflict("nfe_series_missing", "Informe a série dos números.")
    refuse_incomplete(settings)
    environment, year = settings.environment, today(tx).year
    refuse_wrong_range(first, last, tx.fiscal.last_number(environment, series))
    refuse_used(tx.nfes.numbered(environment, series, first, last), year, tx.zone.get())
    refuse_voided(tx.voidings.overlapping(environment, series, first, last))
    if tx.fiscal.certificate() is None:
        raise Conflict("certificate_missing", "Cadastre o certificado digital para inutilizar números.")
    # two requests at once conflict here, and one is retried
    tx.fiscal.touch_numbers(environment, series)
    by = acting_user(tx)
    voiding = Voiding(
        tx.new_id(), REQUESTED, environment, settings.address.state, settings.cnpj, series, first, last, year,
        fitted_reason(data["reason"]), tx.now, by,
    )  # fmt: skip
    tx.voidings.add(voiding)
    enqueue_work(tx, WORKS, voiding.id, begun=False)
    return voiding
