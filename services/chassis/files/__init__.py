"""Formats and names of attached files. A new format is a row of the table in formats.py."""
