# Broker, database and mailbox of a development cluster, in one image: RabbitMQ from Debian, the embedded engine and the
# SMTP sink of `make run`. Never for production. Context: the repository's root. `make images` builds all.
ARG BASE_IMAGE=docker.io/library/python:3.11-slim-bookworm
# where it differs: the same system and Python, with venv and pip
ARG BUILD_IMAGE=${BASE_IMAGE}

FROM ${BUILD_IMAGE} AS build
WORKDIR /app
COPY requirements/embedded.txt requirements/
RUN python3 -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements/embedded.txt \
    && /opt/venv/bin/pip uninstall --yes --quiet pip
COPY deploy/__init__.py deploy/
COPY deploy/local/__init__.py deploy/local/engine.py deploy/local/mailbox.py deploy/local/processes.py deploy/local/

FROM ${BASE_IMAGE}
# the versions are those of the base image's Debian release, which gets security fixes only
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends rabbitmq-server \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/log/apt /var/log/dpkg.log
LABEL org.opencontainers.image.title="vinculo-embedded" \
      org.opencontainers.image.description="Vínculo: broker, database and mailbox for development" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app/deploy /app/deploy
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
CMD ["python", "-m", "deploy.local.mailbox", "--help"]
