"""The personal-data inventory of `people`: what an access report shows, and what an erasure removes or keeps."""

from __future__ import annotations

from services.chassis.personal_data.inventory import Holding

CONSENT_BASIS = (
    "LGPD art. 8º, § 2º, e art. 16, I: cabe ao controlador provar o consentimento; "
    "ficam finalidade, canal, decisão e data, sem o texto da prova, por 5 anos."
)
AUDIT_BASIS = "LGPD art. 37 e art. 16, I: registro das operações de tratamento; sem dados da pessoa, por 365 dias."
REQUEST_BASIS = "LGPD art. 16, I: prova de que o pedido do titular foi atendido; sem dados da pessoa."

RECORD = Holding("persons", by="_id", sort="_id", hides=("keys", "aliases"), follows=False)
MERGED = Holding("merges", by="survivor_id", sort="at", hides=("before", "after"), follows=False)
CONSENTS = Holding("consents", by="person_id", sort="at", erases={"evidence": ""}, basis=CONSENT_BASIS)
LOOKS = Holding("looks", by="person_id", sort="at", basis=AUDIT_BASIS)
ERASURES = Holding("erasures", by="person_id", sort="requested_at", basis=REQUEST_BASIS, follows=False)

INVENTORY = (CONSENTS, LOOKS)
REPORTED = (RECORD, MERGED, CONSENTS, LOOKS, ERASURES)
