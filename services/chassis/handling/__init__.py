"""From a message to a use case and back: the decorators (entrypoints.py), requests and events, transactions,
idempotency, retries."""
