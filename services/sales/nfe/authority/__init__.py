"""The client of the tax authority: documents, official schemas, signatures, SOAP.

It holds no rules; they are in nfe/model.
"""
