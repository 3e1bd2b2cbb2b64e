"""The bus: calls to the services over RabbitMQ, and their answers."""
