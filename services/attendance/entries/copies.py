"""The copy of an entry that a customer receives on the user's explicit choice (row A10)."""

from __future__ import annotations

from services.attendance.session import AttendanceSession
from services.chassis.errors import Conflict, Forbidden
from services.chassis.storage.rows import Document

NOTIFY = "attendance.notify_customer"


def require_writing(tx: AttendanceSession) -> None:
    """Raises Forbidden("mail_account_missing") for who may not write to customers."""
    if not tx.actor.holds(NOTIFY):
        raise Forbidden("mail_account_missing", "Salvar e notificar exige uma conta de e-mail do usuário.")


def customer_email(tx: AttendanceSession, person: Document) -> str:
    """The address of the customer's copy; the permission is the right to write to customers (ADR 0042).

    Raises Forbidden("mail_account_missing"), Conflict("person_email_missing").
    """
    require_writing(tx)
    if not person.get("email"):
        raise Conflict("person_email_missing", f"{person['name']} não tem e-mail principal.")
    return str(person["email"])
