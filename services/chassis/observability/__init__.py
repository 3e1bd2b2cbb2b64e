"""Logs, metrics and traces, for services and gateway."""
