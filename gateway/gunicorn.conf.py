"""gunicorn's settings: threads that wait for no client, no preload (the bus opens after the fork), no query logged."""

# ruff: noqa: N999 - gunicorn's own name

import os
from typing import Any

from gateway.observability import logs

bind = [os.environ.get("VINCULO_GATEWAY_BIND", "127.0.0.1:8000")]
# A door of its own, inside the installation: only /metrics, which is nowhere else (app.py tells them by the port).
if metrics_bind := os.environ.get("VINCULO_METRICS_BIND"):
    bind.append(metrics_bind)
# gthread's, with all waiting for clients in its poller (docs/adr, gateway/http/serving/).
worker_class = "gateway.http.serving.worker.PollingWorker"
workers = int(os.environ.get("VINCULO_GATEWAY_WORKERS", "2"))
threads = int(os.environ.get("VINCULO_GATEWAY_THREADS", "16"))
worker_connections = 1_000
# An answer is handed to the poller, which has no file to send.
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
    """The bus leaves in order: the broker needs no heartbeat to notice."""
    application = getattr(worker, "wsgi", None)
    vinculo = getattr(application, "extensions", {}).get("vinculo")
    if vinculo is not None:
        vinculo.bus.close()
