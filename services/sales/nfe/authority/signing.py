"""XML signatures as the tax authority wants them: enveloped, RSA-SHA1, inclusive canonical XML, one certificate.

The form is fixed to the letter, so it is a template; lxml writes the canonical form and `cryptography` signs. Tests
check it with signxml, which does not sign here: lxml 6.1 gives it a wrong canonical form of what lies in a default
namespace, unless it is told to cut words out of the text (ADR 0017).
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

from services.sales.fiscal.certificate import Certificate
from services.sales.nfe.authority.schemas import parsed

DSIG = "http://www.w3.org/2000/09/xmldsig#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
SIGNED_INFO = (
    f'<SignedInfo xmlns="{DSIG}"><CanonicalizationMethod Algorithm="{C14N}"></CanonicalizationMethod>'
    f'<SignatureMethod Algorithm="{DSIG}rsa-sha1"></SignatureMethod><Reference URI="#{{reference}}"><Transforms>'
    f'<Transform Algorithm="{DSIG}enveloped-signature"></Transform><Transform Algorithm="{C14N}"></Transform>'
    f'</Transforms><DigestMethod Algorithm="{DSIG}sha1"></DigestMethod><DigestValue>{{digest}}</DigestValue>'
    "</Reference></SignedInfo>"
)


def signed(xml: str, certificate: Certificate) -> str:
    """`xml` with a signature of its first child (referenced by its `Id`) as the last child."""
    root = parsed(xml)
    subject = root[0]
    # parsed as a document of its own: lxml adds empty namespaces to the canonical form of a part
    canonical = etree.tostring(parsed(etree.tostring(subject)), method="c14n")
    # SIGNED_INFO is written in canonical form, so the signed bytes are the sent ones
    info = SIGNED_INFO.format(reference=subject.get("Id"), digest=_base64(hashlib.sha1(canonical).digest()))  # noqa: S324
    value = certificate.key.sign(info.encode(), padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 (the authority's choice)
    root.append(parsed(_signature(info, _base64(value), _base64(certificate.der))))
    return str(etree.tostring(root, encoding="unicode"))


def _signature(info: str, value: str, certificate: str) -> str:
    return (
        f'<Signature xmlns="{DSIG}">{info}<SignatureValue>{value}</SignatureValue><KeyInfo><X509Data>'
        f"<X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo></Signature>"
    )


def _base64(data: Any) -> str:
    return base64.b64encode(data).decode()
