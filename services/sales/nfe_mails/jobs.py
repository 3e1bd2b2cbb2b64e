"""Makes the e-mail with an NF-e and announces it: leased work, for the DANFE takes a moment (row S22)."""

from __future__ import annotations

import base64
from typing import Any

from services.chassis.errors import Conflict, NotFound
from services.chassis.jobs.leased import Job
from services.chassis.process.runtime import Runtime
from services.chassis.storage.rows import Document
from services.sales import events
from services.sales.nfe import danfe
from services.sales.nfe.errands import Errand
from services.sales.nfe.mailing import WORKS
from services.sales.nfe.model.nfe import CANCELLED, Nfe
from services.sales.nfe.papers import issued_xml
from services.sales.nfe_mails.model import subject_of, text_of
from services.sales.session import SalesSession

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


def make_mailer(runtime: Runtime) -> Job:
    """One at a time: each has a process of its own, of 90 MB."""
    return Job(lambda work: mail(runtime, work), danfe.SECONDS + 30, workers=1, row_is_work=True)


def mail(runtime: Any, work: Document) -> None:
    """Announced once: the row goes in the transaction that announces. What fails is tried again, and parked at last."""
    errand = Errand(runtime, WORKS, work)
    session = errand.session()
    try:
        nfe = session.nfes.get(work["nfe_id"])
        person = session.persons.get(nfe.person_id)
    except (NotFound, Conflict):  # erased meanwhile, or gone
        return errand.row.drop()
    if not person.get("email"):
        return errand.row.drop()
    try:
        files = _files(session, nfe)
    except NotFound:
        return errand.row.drop()
    errand.record(lambda tx: _announce(tx, work, nfe, person, files))
    return None


def _files(session: SalesSession, nfe: Nfe) -> list[dict[str, str]]:
    xml, name = issued_xml(session, nfe)
    pdf = danfe.made(xml, nfe.status == CANCELLED)
    told = (
        (name, "application/xml", f"{DECLARATION}{xml}".encode()),
        (f"{nfe.key}-danfe.pdf", "application/pdf", pdf),
    )
    return [
        {"name": name, "media_type": kind, "content": base64.b64encode(content).decode()}
        for name, kind, content in told
    ]


def _announce(tx: SalesSession, work: Document, nfe: Nfe, person: Document, files: list[dict[str, str]]) -> None:
    letterhead, settings = tx.configuration.letterhead(), tx.fiscal.settings()
    company = letterhead.legal_name or settings.trade_name or settings.name
    if not tx.tenant.collection(WORKS).delete({"_id": work["_id"]}):
        return  # somebody else was faster
    tx.publish(
        events.NFE_SENT,
        work["_id"],
        1,
        sending_id=work["_id"],
        nfe_id=nfe.id,
        order_id=nfe.order_id,
        person_id=nfe.person_id,
        attendance_id=nfe.attendance_id,
        recipients=[person["email"]],
        subject=subject_of(nfe, company),
        text=text_of(nfe, person["name"], company),
        files=files,
    )
