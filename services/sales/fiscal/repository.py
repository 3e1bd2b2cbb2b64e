"""The fiscal settings of a company, its certificate, and the numbers of its series, in the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pymongo.errors import DuplicateKeyError

from services.chassis.errors import ConcurrentUpdate, Conflict
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.sales.fiscal.model import FiscalSettings
from services.sales.shared.products import found_by_code
from services.sales.shared.records import fields_of, record_of

# Of a certificate that was stored without one.
FIRST_VERSION = 1
LAST_CHANGED = [("version", -1), ("_id", 1)]
LEGACY_FIELDS = ("unit", "ncm", "cfop", "cfop_interstate", "origin", "csosn", "gtin")


class FiscalConfiguration:
    """The certificate is stored encrypted (fiscal/certificate.py), with its description."""

    def __init__(
        self, documents: TenantCollection, products: TenantCollection, numbers: TenantCollection, company: str
    ) -> None:
        self._documents = documents
        self._products = products
        self._numbers = numbers
        self._company = company

    def settings(self) -> FiscalSettings:
        found = self._documents.find_one({"_id": self._id("settings")})
        return record_of(found, FiscalSettings) if found else FiscalSettings()

    def save_settings(self, settings: FiscalSettings) -> FiscalSettings:
        self._write(self._documents, self._id("settings"), fields_of(settings))
        return replace(settings, version=settings.version + 1)

    def legacy_data_of(self, codes: Iterable[str]) -> dict[str, dict[str, str]]:
        """Unit and fiscal data by product code, as entered in a version without a catalogue; empty fields are left out.

        A product takes them over when it is added to the catalogue.
        """
        found = found_by_code(self._products, codes, LAST_CHANGED)
        return {
            code: {name: document[name] for name in LEGACY_FIELDS if document.get(name)}
            for code, document in found.items()
        }

    def last_number(self, environment: str, series: int | None) -> int | None:
        """The last number taken in the series; None if the company has not set its first number."""
        found = self._numbers.find_one({"_id": self._id(_counter(environment, series))})
        return int(found["value"]) if found else None

    def begin_numbers(self, environment: str, series: int | None, next_number: int) -> None:
        """Raises Conflict: nfe_number_used for one that was taken, nfe_series_missing without a series."""
        if series is None:
            raise Conflict("nfe_series_missing", "Informe a série antes do próximo número.")
        last = self.last_number(environment, series)
        if last is not None and next_number <= last:
            detail = f"A série já chegou ao número {last}; informe um maior."
            raise Conflict("nfe_number_used", detail, last_number=last)
        self._numbers.put({"_id": self._id(_counter(environment, series)), "value": next_number - 1})

    def next_number(self, environment: str, series: int) -> int:
        """Takes the next number in the transaction, so that a series has no gaps."""
        return self._numbers.next_numbers(_counter(environment, series))[0]

    def touch_numbers(self, environment: str, series: int) -> None:
        """Writes the counter unchanged, so that transactions that check its numbers conflict, and one is retried."""
        self._numbers.increment(self._id(_counter(environment, series)), {"looks": 1})

    def certificate(self) -> Document | None:
        return self._documents.find_one({"_id": self.certificate_id})

    @property
    def certificate_id(self) -> str:
        return self._id("certificate")

    def certificate_to_change(self) -> Document | None:
        """In a transaction. One that was stored before certificates had versions gets its first one."""
        found = self.certificate()
        if found is not None and "version" not in found:
            self._documents.amend(self.certificate_id, {"$set": {"version": FIRST_VERSION}})
            found = self.certificate()
        return found

    def put_certificate(self, sealed: str, shown: Document, version: int) -> None:
        """`version`: the stored one's, which `certificate_to_change` has given; 0 without one. Raises
        ConcurrentUpdate("version_changed")."""
        self._write(self._documents, self.certificate_id, {"sealed": sealed, "shown": shown, "version": version})

    def remove_certificate(self) -> None:
        self._documents.delete({"_id": self.certificate_id})

    def _write(self, documents: TenantCollection, record_id: str, record: Document) -> None:
        """Stores the next version; raises ConcurrentUpdate("version_changed") if the record was changed meanwhile."""
        document = {"_id": record_id, **record, "version": record["version"] + 1}
        if record["version"]:
            documents.replace(document)
        else:
            try:
                documents.insert(document)
            except DuplicateKeyError as error:
                raise ConcurrentUpdate("version_changed", "O registro foi alterado por outra pessoa.") from error

    def _id(self, name: str) -> str:
        return f"{self._company}:{name}"


def _counter(environment: str, series: int | None) -> str:
    return f"nfe:{environment}:{series}"
