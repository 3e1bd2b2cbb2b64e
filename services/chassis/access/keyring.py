"""The keys of the bus: a process's own private key, and the public keys of the other processes (ADR 0024).

An event is signed (Ed25519), since many services read it, maybe days later. A request or a reply has one reader, so it
gets a tag (HMAC) under a shared secret that both ends derive from their own key and the other's public key (X25519).
The body of a secret command is encrypted as well (Fernet), under a second shared secret. While a sender's key is being
replaced, it has two public keys.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from environs import Env, EnvError
from marshmallow import ValidationError

from services.chassis.errors import Invalid, Unauthenticated

GATEWAY = "gateway"
KEY_BYTES = 32
PUBLIC_BYTES = 2 * KEY_BYTES
SIGNATURE_BYTES = 64
# Public keys of one sender.
MOST_KEYS = 2


@dataclass(frozen=True)
class OwnKey:
    """The private key of a process; `seed` is 32 random bytes."""

    seed: bytes

    @cached_property
    def signing(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(_derived(self.seed, b"vinculo signing"))

    @cached_property
    def agreeing(self) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(_derived(self.seed, b"vinculo agreeing"))

    @cached_property
    def public(self) -> bytes:
        """The public halves of both keys: for verifying signatures, and for deriving shared secrets."""
        return self.signing.public_key().public_bytes_raw() + self.agreeing.public_key().public_bytes_raw()

    def __repr__(self) -> str:
        return "OwnKey(...)"


@dataclass(frozen=True, repr=False)
class Peer:
    """One public key of another process, and the secrets that it shares with our own key (`tagging`, `sealing`)."""

    public: bytes
    verifying: Ed25519PublicKey
    tagging: bytes
    sealing: Fernet

    @classmethod
    def of(cls, own: OwnKey, public: bytes) -> Peer:
        """Raises ValueError for an invalid public key."""
        shared = own.agreeing.exchange(X25519PublicKey.from_public_bytes(public[KEY_BYTES:]))
        both = b"".join(sorted((own.public, public)))
        sealing = Fernet(base64.urlsafe_b64encode(_derived(shared, b"vinculo sealing" + both)))
        verifying = Ed25519PublicKey.from_public_bytes(public[:KEY_BYTES])
        return cls(public, verifying, _derived(shared, b"vinculo tagging" + both), sealing)

    def signed(self, signature: bytes, data: bytes) -> bool:
        try:
            self.verifying.verify(signature, data)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class Keyring:
    """`parts` are length-prefixed before they are signed or tagged, so that no byte can move from one to the next."""

    own: OwnKey
    peers: Mapping[str, tuple[Peer, ...]]

    @classmethod
    def of(cls, own: str, known: Iterable[str]) -> Keyring:
        """From texts of the environment, `known` as `<sender>:<key>`; raises ValueError for an invalid key."""
        key, peers = OwnKey(_bytes(own, KEY_BYTES)), dict[str, tuple[Peer, ...]]()
        for text in known:
            sender, _, public = text.strip().partition(":")
            peers[sender] = (*peers.get(sender, ()), Peer.of(key, _bytes(public, PUBLIC_BYTES)))
        return cls(key, peers)

    def require(self, name: str, others: Iterable[str]) -> None:
        """Raises EnvError unless our own key is among the public keys of `name`, and those of `others` are known."""
        if all(peer.public != self.own.public for peer in self.peers.get(name, ())):
            raise EnvError(f"VINCULO_PUBLIC_KEYS: the key of {name} is not the public one of its VINCULO_SENDER_KEY")
        if missing := sorted(set(others) - set(self.peers)):
            raise EnvError(f"VINCULO_PUBLIC_KEYS: no key of {', '.join(missing)}")

    def sign(self, *parts: bytes) -> str:
        """A signature that every reader can verify."""
        return _text(self.own.signing.sign(_joined(parts)))

    def verify(self, sender: str, signature: object, *parts: bytes) -> None:
        """Raises Unauthenticated("signature_invalid") unless a key of the sender signed the parts."""
        try:
            raw = _bytes(str(signature), SIGNATURE_BYTES)
        except ValueError:
            raise _invalid() from None
        data = _joined(parts)
        if not any(peer.signed(raw, data) for peer in self.peers.get(sender, ())):
            raise _invalid()

    def tag(self, reader: str, *parts: bytes) -> str:
        """A tag that only this reader can verify: one for each of its keys, separated by commas."""
        data = _joined(parts)
        return ",".join(_text(hmac.digest(peer.tagging, data, "sha256")) for peer in self.peers.get(reader, ()))

    def check(self, sender: str, tags: object, *parts: bytes) -> None:
        """Raises Unauthenticated("signature_invalid") unless the sender tagged the parts for this process."""
        received = [tag.encode(errors="replace") for tag in str(tags).split(",", MOST_KEYS)[:MOST_KEYS]]
        data = _joined(parts)
        for peer in self.peers.get(sender, ()):
            right = _text(hmac.digest(peer.tagging, data, "sha256")).encode()
            if any(hmac.compare_digest(right, tag) for tag in received):
                return
        raise _invalid()

    def encrypt(self, reader: str, body: bytes) -> bytes:
        """Encrypts and authenticates the body for this reader: once for each of its keys, separated by commas."""
        return b",".join(peer.sealing.encrypt(body) for peer in self.peers.get(reader, ()))

    def decrypt(self, sender: str, body: bytes) -> bytes:
        """Raises Invalid("message_not_sealed") for a body that the sender has not encrypted for this process."""
        for encrypted in body.split(b",", MOST_KEYS)[:MOST_KEYS]:
            for peer in self.peers.get(sender, ()):
                try:
                    return peer.sealing.decrypt(encrypted)
                except InvalidToken:
                    continue
        detail = "A mensagem traz um segredo e não veio cifrada com uma chave conhecida."
        raise Invalid("message_not_sealed", detail)


def keyring_of(env: Env) -> Keyring:
    """The keyring of the environment. Missing or wrong variables are noted in `env`, whose `seal` then raises."""
    own = env.str("VINCULO_SENDER_KEY", validate=_is_key)
    known: list[str] | None = env.list("VINCULO_PUBLIC_KEYS", validate=_are_named)
    try:
        return Keyring.of(own or "", known or [])
    except ValueError:
        return Keyring(OwnKey(bytes(KEY_BYTES)), {})


def new_seed() -> str:
    """A new private key, as the environment holds it."""
    return _text(Ed25519PrivateKey.generate().private_bytes_raw())


def public_of(seed: str) -> str:
    """The public key of a private one, as the environment of other processes holds it."""
    return _text(OwnKey(_bytes(seed, KEY_BYTES)).public)


def _invalid() -> Unauthenticated:
    return Unauthenticated("signature_invalid", "A origem da mensagem não pôde ser confirmada.")


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose).derive(secret)


def _joined(parts: Iterable[bytes]) -> bytes:
    return b"".join(len(part).to_bytes(8, "big") + part for part in parts)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str, length: int) -> bytes:
    """Decodes URL-safe base64; raises ValueError unless it holds `length` bytes."""
    try:
        padded = text.strip().encode("ascii") + b"=" * (-len(text.strip()) % 4)
        raw = base64.b64decode(padded, altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("no base64") from error
    if len(raw) != length:
        raise ValueError("length")
    return raw


def _is_key(text: str) -> None:
    try:
        _bytes(text, KEY_BYTES)
    except ValueError as error:
        raise ValidationError(f"a key has {KEY_BYTES} bytes, in URL-safe base64") from error


def _are_named(known: list[str]) -> None:
    own = OwnKey(bytes(KEY_BYTES))
    for text in known or [""]:
        sender, _, public = text.strip().partition(":")
        try:
            Peer.of(own, _bytes(public, PUBLIC_BYTES))
        except ValueError as error:
            detail = f"each is <sender>:<key>, a key has {PUBLIC_BYTES} bytes, in URL-safe base64"
            raise ValidationError(detail) from error
        if not sender:
            raise ValidationError("each is <sender>:<key>")
    senders = [text.strip().partition(":")[0] for text in known]
    if any(senders.count(sender) > MOST_KEYS for sender in senders):
        raise ValidationError(f"a sender has {MOST_KEYS} keys at most")
