"""A company's certificate: reading its PKCS#12 file, describing it without its key, storing it encrypted (ADR 0017)."""

from __future__ import annotations

import base64
import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID, ObjectIdentifier

from services.chassis.access import sealing
from services.chassis.errors import Invalid

# Where ICP-Brasil puts a company's CNPJ, among the subject's other names.
CNPJ_OID = ObjectIdentifier("2.16.76.1.3.3")


@dataclass(frozen=True, repr=False)
class Certificate:
    """Key and certificate, in memory only; never shown, logged or answered."""

    key: RSAPrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @classmethod
    def read(cls, data: bytes, password: str) -> Certificate:
        """Raises Invalid("certificate_unreadable") for another format, a wrong password, or no RSA key."""
        try:
            key, certificate, chain = pkcs12.load_key_and_certificates(data, password.encode() or None)
        except (ValueError, TypeError) as error:
            raise _unreadable() from error
        if not isinstance(key, RSAPrivateKey) or certificate is None:
            raise _unreadable()
        return cls(key, certificate, tuple(chain))

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def pem(self, password: bytes) -> bytes:
        """Key and certificates for a TLS connection, the key encrypted."""
        encryption = serialization.BestAvailableEncryption(password)
        form = serialization.PrivateFormat.PKCS8
        key = self.key.private_bytes(serialization.Encoding.PEM, form, encryption)
        chain = (self.certificate, *self.chain)
        return key + b"".join(one.public_bytes(serialization.Encoding.PEM) for one in chain)

    def description(self) -> dict[str, Any]:
        """The fields of contract.FiscalCertificate, without secrets."""
        names = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return {
            "subject": str(names[0].value) if names else "",
            "cnpj": self.cnpj,
            "valid_from": self.certificate.not_valid_before_utc,
            "valid_until": self.certificate.not_valid_after_utc,
            "fingerprint": self.certificate.fingerprint(hashes.SHA256()).hex(),
        }

    @property
    def cnpj(self) -> str:
        """The owner's CNPJ, from ICP-Brasil's field or the end of the common name; empty without one."""
        names = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        texts = [*self._other_names(), *(str(name.value).rpartition(":")[2] for name in names)]
        found = (re.search(r"[0-9A-Z]{12}[0-9]{2}$", text) for text in texts)
        return next((match.group() for match in found if match), "")

    def _other_names(self) -> list[str]:
        try:
            names = self.certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except x509.ExtensionNotFound:
            return []
        others = names.get_values_for_type(x509.OtherName)
        return [other.value.decode("latin-1") for other in others if other.type_id == CNPJ_OID]

    def refuse_unfit(self, cnpj: str, now: dt.datetime) -> None:
        """Raises Invalid: certificate_expired, certificate_of_another_company (by the first 8 of the CNPJ)."""
        if not self.certificate.not_valid_before_utc <= now <= self.certificate.not_valid_after_utc:
            raise _refused("certificate_expired", "O certificado está fora da validade.")
        if cnpj and self.cnpj and self.cnpj[:8] != cnpj[:8]:
            raise _refused("certificate_of_another_company", "O certificado é de outro CNPJ.")


class Safe:
    """Encrypts certificates with the installation's keys (chassis/access/sealing.py).

    Raises Conflict("certificate_unstorable") without a key, or where none decrypts a certificate.
    """

    def __init__(self, keys: list[str]) -> None:
        self._safe = sealing.Safe(keys, "certificate_unstorable")

    def seal(self, company: str, data: bytes, password: str) -> str:
        """The encrypted certificate; only the same company's decrypts."""
        return self._safe.seal(company, {"data": base64.b64encode(data).decode(), "password": password})

    def unseal(self, company: str, sealed: str) -> Certificate:
        kept = self._safe.unseal(company, sealed)
        return Certificate.read(base64.b64decode(kept["data"]), kept["password"])


def _unreadable() -> Invalid:
    return _refused("certificate_unreadable", "O arquivo não é um PKCS#12 com chave RSA, ou a senha está errada.")


def _refused(code: str, detail: str) -> Invalid:
    return Invalid(code, detail, fields={"pkcs12": [detail]})
