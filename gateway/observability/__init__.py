"""Logs, metrics and traces of the gateway; what it shares with services is in services/chassis/observability."""
