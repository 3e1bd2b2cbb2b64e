"""Secrets at rest: encrypted under keys of the installation and bound to their company (VINCULO_SECRET_KEYS)."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from environs import Env

from services.chassis.errors import Conflict

NO_KEY = "Esta instalação não tem chave para guardar segredos (VINCULO_SECRET_KEYS)."
NOT_OPENED = "O segredo guardado não pôde ser aberto com a chave desta instalação."
OF_ANOTHER = "O segredo guardado é de outra empresa."


class Safe:
    """Encrypts under the first key and decrypts with any. Every refusal is a Conflict with the code `code`."""

    def __init__(self, keys: Sequence[str], code: str = "secret_unstorable") -> None:
        self._keys = [Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in keys]
        self._code = code

    @classmethod
    def of_installation(cls, code: str = "secret_unstorable") -> Safe:
        """With the keys of the environment; without any, nothing can be stored."""
        return cls(Env().list("VINCULO_SECRET_KEYS", []) or [], code)

    def seal(self, company: str, kept: Mapping[str, str]) -> str:
        """The secrets `kept` as one encrypted text. Raises Conflict where the installation has no key."""
        return self._cipher().encrypt(json.dumps({**kept, "company": company}).encode()).decode()

    def unseal(self, company: str, sealed: str) -> dict[str, str]:
        """The secrets of an encrypted text. Raises Conflict where no key decrypts it, or it is another company's."""
        try:
            kept: dict[str, str] = json.loads(self._cipher().decrypt(sealed.encode()))
        except InvalidToken as error:
            raise Conflict(self._code, NOT_OPENED) from error
        if kept.pop("company") != company:
            raise Conflict(self._code, OF_ANOTHER)
        return kept

    def reseal(self, sealed: str) -> str:
        """The same secrets encrypted under the first key. Raises Conflict where no key decrypts the text."""
        try:
            return self._cipher().rotate(sealed.encode()).decode()
        except InvalidToken as error:
            raise Conflict(self._code, NOT_OPENED) from error

    def _cipher(self) -> MultiFernet:
        if not self._keys:
            raise Conflict(self._code, NO_KEY)
        return MultiFernet(self._keys)
