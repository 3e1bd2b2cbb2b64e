# The gateway, with the contracts of the services. Context: the repository's root. `make images` builds all.
ARG BASE_IMAGE=docker.io/library/python:3.11-slim-bookworm
# where it differs: the same system and Python, with venv and pip
ARG BUILD_IMAGE=${BASE_IMAGE}

FROM ${BUILD_IMAGE} AS build
WORKDIR /app
COPY requirements/gateway.txt requirements/
RUN python3 -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements/gateway.txt \
    && /opt/venv/bin/pip uninstall --yes --quiet pip \
    && python3 -m compileall -q --invalidation-mode unchecked-hash /opt/venv/lib
COPY services services
COPY gateway gateway
# what the import rules (pyproject.toml) keep from the gateway is not in its image
RUN find services -regextype posix-extended -regex \
        '.*/(service|session|subscribers|personal_data|repository|commands|queries|jobs)\.py' -delete \
    && rm -r services/chassis/handling services/chassis/jobs services/chassis/messaging services/chassis/process \
        services/chassis/replicas services/chassis/storage services/chassis/personal_data \
    && /opt/venv/bin/python -m compileall -q --invalidation-mode unchecked-hash services gateway \
    && /opt/venv/bin/python -c "import gateway.app, gateway.http.serving.worker, gateway.documents.child"

FROM ${BASE_IMAGE}
# PDFs of quotes: WeasyPrint needs Pango
# the versions are those of the base image's Debian release, which gets security fixes only
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/log/apt /var/log/dpkg.log
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="vinculo-gateway" \
      org.opencontainers.image.description="Vínculo: the HTTP gateway" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app/services /app/services
COPY --from=build /app/gateway /app/gateway
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    VINCULO_GATEWAY_BIND=0.0.0.0:8000 \
    VINCULO_METRICS_BIND=0.0.0.0:9000
USER 10001:10001
EXPOSE 8000 9000
# the workers' heartbeats are files, which must lie in memory
ENTRYPOINT ["gunicorn", "-c", "gateway/gunicorn.conf.py", "--worker-tmp-dir", "/dev/shm", "gateway.app:create_app()"]
