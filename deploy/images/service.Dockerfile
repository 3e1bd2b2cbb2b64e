# One service, with its own code and packages, and the chassis: `--build-arg SERVICE=people --build-arg CLASS=People`.
# Context: the repository's root. `make images` builds all; deploy/README.md says how.
ARG BASE_IMAGE=docker.io/library/python:3.11-slim-bookworm
# where it differs: the same system and Python, with venv and pip
ARG BUILD_IMAGE=${BASE_IMAGE}

FROM ${BUILD_IMAGE} AS build
WORKDIR /app
ARG SERVICE
ARG CLASS
COPY requirements/${SERVICE}.txt requirements/
RUN python3 -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r "requirements/${SERVICE}.txt" \
    && /opt/venv/bin/pip uninstall --yes --quiet pip \
    && python3 -m compileall -q --invalidation-mode unchecked-hash /opt/venv/lib
COPY services/__init__.py services/
COPY services/chassis services/chassis
COPY services/${SERVICE} services/${SERVICE}
# compiled here, since the root is read-only later; and it fails here where a module or a package is missing
RUN /opt/venv/bin/python -m compileall -q --invalidation-mode unchecked-hash services \
    && /opt/venv/bin/python -W ignore -c "import services.chassis.process.runner, services.${SERVICE}.service as s; s.${CLASS}"

FROM ${BASE_IMAGE}
ARG SERVICE
ARG CLASS
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="vinculo-${SERVICE}" \
      org.opencontainers.image.description="Vínculo: the service ${SERVICE}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app/services /app/services
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    VINCULO_HEALTH_HOST=0.0.0.0 \
    VINCULO_HEALTH_PORT=8080 \
    VINCULO_CLASS=services.${SERVICE}.service:${CLASS}
USER 10001:10001
EXPOSE 8080
ENTRYPOINT ["sh", "-c", "exec python -m services.chassis.process.runner \"$VINCULO_CLASS\""]
