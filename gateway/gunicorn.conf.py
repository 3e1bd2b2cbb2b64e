"""gunicorn's settings: threads that wait for no client, no preload (the bus opens after the fork), no query logged."""

# ruff: noqa: N999 - gunicorn's own name

import os
from typing import Any

from gateway.observability import logs
from services.chassis.observability import tracing

bind = [os.environ.get("VINCULO_GATEWAY_BIND", "127.0.0.1:8000")]
# A second address, inside the installation, serves /metrics and nothing else (app.py tells them by the port).
if metrics_bind := os.environ.get("VINCULO_METRICS_BIND"):
    bind.append(metrics_bind)
# gunicorn's gthread worker, changed so that all waiting for clients is in its poller (gateway/http/serving/).
worker_class = "gateway.http.serving.worker.PollingWorker"
workers = int(os.environ.get("VINCULO_GATEWAY_WORKERS", "2"))
threads = int(os.environ.get("VINCULO_GATEWAY_THREADS", "16"))
worker_connections = 1_000
# Answers go through the poller's buffers, so sendfile cannot be used.
sendfile = False
preload_app = False
# Its default lives in the user's home; nothing outside the checkout is touched.
control_socket_disable = True
graceful_timeout = 20
timeout = 60
keepalive = 30
max_requests = 0
errorlog = "-"
# The application writes one line a request (gateway/observability/logs.py): no query, no path, no personal data.
accesslog = None
logconfig_dict = logs.settings(os.environ.get("VINCULO_LOG_LEVEL", "INFO"))


def worker_exit(server: Any, worker: Any) -> None:
    """Tells the last looks, and closes the bus connection, so that the broker notices at once."""
    application = getattr(worker, "wsgi", None)
    vinculo = getattr(application, "extensions", {}).get("vinculo")
    if vinculo is not None:
        vinculo.close()
        tracing.stop()
