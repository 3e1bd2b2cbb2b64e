"""A service as a process: what it declares, its start and drain, health checks, housekeeping."""
