"""Checking messages against the official schemas, as nfelib ships them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from lxml import etree

# A placeholder signature, for checking a document before it is signed: the schema demands one.
BLANK_SIGNATURE = (
    '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo>'
    '<CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>'
    '<SignatureMethod Algorithm="http://www.w3.org/2000/09/xmldsig#rsa-sha1"/><Reference URI="#NFe">'
    '<Transforms><Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>'
    '<Transform Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/></Transforms>'
    '<DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/>'
    "<DigestValue>AAAAAAAAAAAAAAAAAAAAAAAAAAA=</DigestValue></Reference></SignedInfo><SignatureValue>AA==</SignatureValue>"
    "<KeyInfo><X509Data><X509Certificate>AA==</X509Certificate></X509Data></KeyInfo></Signature>"
)
FOLDERS = {
    "nfe_v4.00": "nfe/schemas/v4_0",
    "enviNFe_v4.00": "nfe/schemas/v4_0",
    "procNFe_v4.00": "nfe/schemas/v4_0",
    "consSitNFe_v4.00": "nfe/schemas/v4_0",
    "consReciNFe_v4.00": "nfe/schemas/v4_0",
    "envEventoCancNFe_v1.00": "nfe_evento_cancel/schemas/v1_0",
    "envCCe_v1.00": "nfe_evento_cce/schemas/v1_0",
    "CCe_v1.00": "nfe_evento_cce/schemas/v1_0",
    "inutNFe_v4.00": "nfe/schemas/v4_0",
}


@cache
def _schema(name: str) -> Any:
    path = files("nfelib").joinpath(FOLDERS[name], f"{name}.xsd")
    return etree.XMLSchema(etree.parse(str(path)))


def faults(xml: str, name: str = "nfe_v4.00") -> list[str]:
    """The faults of `xml` against the schema: place and rule, without the values, which may be personal data."""
    schema = _schema(name)
    if schema.validate(parsed(xml)):
        return []
    return [f"{error.path}: {error.type_name}" for error in schema.error_log]


def faults_of_unsigned(xml: str) -> list[str]:
    """The faults of an NF-e that is not signed yet."""
    return faults(xml.replace("</NFe>", f"{BLANK_SIGNATURE}</NFe>"))


def standalone(element: Any) -> str:
    """A part of a message as a document of its own, without namespaces inherited from the message."""
    copy = parsed(etree.tostring(element, with_tail=False))
    etree.cleanup_namespaces(copy)
    return str(etree.tostring(copy, encoding="unicode"))


def parsed(text: str | bytes) -> Any:
    """The root element, parsed without entities and network; raises lxml's XMLSyntaxError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(text.encode() if isinstance(text, str) else text, parser)
