"""Backup and restore of one company or of all (docs/backup.md)."""
