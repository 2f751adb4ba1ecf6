"""Keeps a mail server's password readable only to this installation; makes and prints a creditor's signing key."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from exigible.common.errors import Refused


class SecretUnreadable(Refused):
    """The stored password cannot be read because the installation's secret key has changed; enter it again under Settings, Mail."""


def _cipher() -> Fernet:
    derived = HKDF(hashes.SHA256(), length=32, salt=None, info=b"exigible mail password").derive(
        settings.SECRET_KEY.encode()
    )
    return Fernet(base64.urlsafe_b64encode(derived))


def encrypt(secret: str) -> bytes:
    """Return a secret as bytes that only this installation's key opens."""
    return _cipher().encrypt(secret.encode())


def decrypt(stored: bytes | memoryview) -> str:
    """Return what was encrypted. Raises SecretUnreadable if the installation's key is another one."""
    try:
        return _cipher().decrypt(bytes(stored)).decode()
    except InvalidToken as error:
        raise SecretUnreadable from error


def make_signing_key() -> tuple[bytes, str]:
    """Return a new Ed25519 private key (its 32 bytes, encrypted) and the SHA-256 fingerprint of its public half."""
    key = Ed25519PrivateKey.generate()
    raw = key.private_bytes(serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption())
    return encrypt(raw.hex()), hashlib.sha256(key.public_key().public_bytes_raw()).hexdigest()


def signing_key(stored: bytes | memoryview) -> Ed25519PrivateKey:
    """Return the private key of a creditor, as stored in `signing_key`."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(decrypt(stored)))
