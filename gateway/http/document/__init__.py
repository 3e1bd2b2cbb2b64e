"""The API document at /openapi.json: api.py makes it, and the other modules complete it. A header is declared in
headers.py, a kind of field in kinds.py."""
