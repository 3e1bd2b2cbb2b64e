"""What speaks the tax authority's language for `sales`: documents, official schemas, signatures, SOAP, the transmitter.

No rule of the product enters here; rules are in nfe/model.
"""
