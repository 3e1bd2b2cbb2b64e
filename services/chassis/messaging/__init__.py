"""The broker: exchanges and queues, consuming, publishing with confirms, the outbox, retry queues and dead letters."""
