"""How requests come in and answers go out: gunicorn's threads, with all waiting for the network in its poller."""
