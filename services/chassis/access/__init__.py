"""Who asks and what they may see: the signed context of requests (context.py: a new header is a field of it), keys,
tokens, scopes, sections of a person's page, and row-level visibility."""
