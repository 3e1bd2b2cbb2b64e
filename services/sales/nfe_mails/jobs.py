"""The leased job that makes the e-mail of an NF-e, with its DANFE, and publishes it (row S22)."""

from __future__ import annotations

import base64
from typing import Any

from services.chassis.errors import Conflict, NotFound
from services.chassis.jobs.leased import Job
from services.chassis.process.runtime import Runtime
from services.chassis.storage.rows import Document
from services.sales import events
from services.sales.nfe import danfe
from services.sales.nfe.authority_work import AuthorityWork
from services.sales.nfe.model.nfe import CANCELLED, Nfe
from services.sales.nfe.pending_work import MAIL_WORKS
from services.sales.nfe.xml_files import issued_xml
from services.sales.nfe_mails.model import subject_of, text_of
from services.sales.session import SalesSession

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


def make_mailer(runtime: Runtime) -> Job:
    """The job; one mail at a time, for each DANFE takes a process of 90 MB."""
    return Job(lambda work: mail(runtime, work), danfe.SECONDS + 30, workers=1, row_is_work=True)


def mail(runtime: Any, work: Document) -> None:
    """Publishes the mail once: the same transaction deletes the row. Failures are retried, and parked in the end."""
    authority_work = AuthorityWork(runtime, MAIL_WORKS, work)
    session = authority_work.session()
    try:
        nfe = session.nfes.get(work["nfe_id"])
        person = session.persons.get(nfe.person_id)
    except (NotFound, Conflict):  # erased meanwhile, or gone
        return authority_work.row.drop()
    if not person.get("email"):
        return authority_work.row.drop()
    try:
        files = _files(session, nfe)
    except NotFound:
        return authority_work.row.drop()
    authority_work.record(lambda tx: _announce(tx, work, nfe, person, files))
    return None


def _files(session: SalesSession, nfe: Nfe) -> list[dict[str, str]]:
    xml, name = issued_xml(session, nfe)
    pdf = danfe.make_in_subprocess(xml, nfe.status == CANCELLED)
    files = (
        (name, "application/xml", f"{DECLARATION}{xml}".encode()),
        (f"{nfe.key}-danfe.pdf", "application/pdf", pdf),
    )
    return [
        {"name": name, "media_type": kind, "content": base64.b64encode(content).decode()}
        for name, kind, content in files
    ]


def _announce(tx: SalesSession, work: Document, nfe: Nfe, person: Document, files: list[dict[str, str]]) -> None:
    letterhead, settings = tx.configuration.letterhead(), tx.fiscal.settings()
    company = letterhead.legal_name or settings.trade_name or settings.name
    if not tx.tenant.collection(MAIL_WORKS).delete({"_id": work["_id"]}):
        return  # another process was faster
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
