"""The gunicorn worker: its threads run the application, and its poller does all waiting for the network."""
