"""Background work: leased jobs, their failures and parking, retention, batches. A service lists its jobs in its class
(process/service.py)."""
