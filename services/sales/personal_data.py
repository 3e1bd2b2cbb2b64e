"""The personal-data inventory of `sales`, and the handlers that merge, erase and report by it (row P7)."""

from __future__ import annotations

from services.chassis.personal_data import handlers
from services.chassis.personal_data.inventory import ERASED_TEXT, Holding
from services.sales.nfe.commands import forget_unissued

BASIS = (
    "LGPD art. 16, I: valores, itens, datas e situação para a escrituração da empresa, por 5 anos; "
    "textos eliminados, sem dados da pessoa."
)
COPY_BASIS = "LGPD art. 16, I: ligação entre venda e atendimento; só identificadores, sem dados da pessoa."
FISCAL_BASIS = (
    "LGPD art. 16, I: documento fiscal com os dados que a lei exige (Ajuste SINIEF 07/05, CTN art. 195), por 5 anos; "
    "o que não chegou a ser enviado é eliminado."
)

INVENTORY = (
    Holding(
        "opportunities",
        by="person_id",
        sort="created_at",
        erases={
            "description": ERASED_TEXT,
            "environment": "",
            "means_of_contact": "",
            "indicated_by": "",
            "closing_note": "",
        },
        basis=BASIS,
    ),
    Holding("turns", by="person_id", sort="recorded_at", erases={"text": ERASED_TEXT}, basis=BASIS),
    Holding("actions", by="person_id", sort="recorded_at", erases={"text": ERASED_TEXT}, basis=BASIS),
    Holding(
        "quotes",
        by="person_id",
        sort="created_at",
        erases={"versions.$[].offer.notes": "", "versions.$[].reason": "", "last_sent": None},
        basis=BASIS,
    ),
    Holding("quote_links", by="person_id", sort="created_at", removes=True),
    Holding(
        "quote_answers",
        by="person_id",
        sort="at",
        erases={"name": ERASED_TEXT, "comment": "", "address": "", "user_agent": ""},
        basis="LGPD art. 16, I: que a proposta foi aceita ou recusada, quando e em que versão; quem foi é eliminado.",
    ),
    Holding(
        "sendings",
        by="person_id",
        sort="sent_at",
        erases={"recipients": [], "subject": ERASED_TEXT},
        basis="LGPD art. 16, I: que houve o envio de qual proposta, quando e por quem; destinatários eliminados.",
    ),
    Holding("orders", by="person_id", sort="ordered_at", erases={"notes": "", "cancel_reason": ""}, basis=BASIS),
    Holding("contracts", by="person_id", sort="created_at", erases={"status_reason": ""}, basis=BASIS),
    Holding(
        "receivables",
        by="person_id",
        sort="created_at",
        erases={"description": "", "reversal_reasons": {}, "withdrawal_reason": ""},
        basis=BASIS,
    ),
    # of a seller
    Holding("commission_entries", by="person_id", sort="created_at", basis=BASIS),
    Holding("commission_totals", by="person_id", sort="currency", basis=BASIS),
    Holding("commission_closings", by="person_id", sort="closed_at", basis=BASIS),
    Holding("commission_rates", by="person_id", sort="set_at", removes=True),
    Holding(
        "service_orders",
        by="person_id",
        sort="opened_on",
        erases={"description": ERASED_TEXT, "responsible": "", "status_reason": ""},
        basis=BASIS,
    ),
    Holding("service_invoices", by="person_id", sort="issued_on", erases={"description": "", "url": ""}, basis=BASIS),
    Holding(
        "nfes",
        by="person_id",
        sort="requested_at",
        basis=FISCAL_BASIS,
        parts=(Holding("nfe_documents", by="nfe_id", sort="at", basis=FISCAL_BASIS, follows=False),),
    ),
    Holding("nfe_corrections", by="person_id", sort="requested_at", basis=FISCAL_BASIS),
    Holding("attendances", by="person_id", sort="sequence", basis=COPY_BASIS),
)

on_people_person_merged = handlers.person_merged()
on_people_person_unmerged = handlers.person_unmerged()
on_people_person_erasure_requested = handlers.person_erasure_requested(forget_unissued)
get_person_data = handlers.person_data(INVENTORY)
