"""Row C1: appointments."""

from __future__ import annotations

import datetime as dt

import pytest

from services.chassis.errors import Invalid
from services.scheduling.model import Appointment

NOW = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)


def book(length: dt.timedelta) -> Appointment:
    return Appointment.book(
        id="a1", person_id="p1", kind="visit", subject="Visita", starts_at=NOW, ends_at=NOW + length, now=NOW
    )


@pytest.mark.parametrize("length", [dt.timedelta(minutes=1), dt.timedelta(days=31)])
def test_an_appointment_is_booked(length: dt.timedelta) -> None:
    assert (book(length).status, book(length).version) == ("booked", 1)


@pytest.mark.parametrize("length", [dt.timedelta(0), dt.timedelta(hours=-1), dt.timedelta(days=31, seconds=1)])
def test_an_appointment_ends_after_it_starts_and_within_a_month(length: dt.timedelta) -> None:
    with pytest.raises(Invalid, match="appointment_period_invalid"):
        book(length)
