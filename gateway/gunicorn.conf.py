"""gunicorn's settings: threads, no preload (the bus opens after the fork), logs without query strings."""

import os

bind = os.environ.get("VINCULO_GATEWAY_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("VINCULO_GATEWAY_WORKERS", "2"))
threads = int(os.environ.get("VINCULO_GATEWAY_THREADS", "16"))
preload_app = False
# Its default lives in the user's home; nothing outside the checkout is touched.
control_socket_disable = True
graceful_timeout = 20
timeout = 60
keepalive = 30
max_requests = 0
errorlog = "-"
accesslog = "-"
# The path alone: queries and bodies hold personal data.
access_log_format = (
    '{"time":"%(t)s","method":"%(m)s","path":"%(U)s","status":%(s)s,"us":%(D)s,"request_id":"%({x-request-id}o)s"}'
)


def worker_exit(server, worker):  # noqa: ANN001, ANN201 - gunicorn's hook
    application = getattr(worker, "wsgi", None)
    vinculo = getattr(application, "extensions", {}).get("vinculo")
    if vinculo is not None:
        vinculo.bus.close()
