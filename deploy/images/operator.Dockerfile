# What an operator runs beside the system: topology and indexes before a rollout, companies, users, parked work.
# Context: the repository's root. `make images` builds all.
ARG BASE_IMAGE=docker.io/library/python:3.11-slim-bookworm
# where it differs: the same system and Python, with venv and pip
ARG BUILD_IMAGE=${BASE_IMAGE}

FROM ${BUILD_IMAGE} AS build
WORKDIR /app
COPY requirements/operator.txt requirements/
RUN python3 -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements/operator.txt \
    && /opt/venv/bin/pip uninstall --yes --quiet pip \
    && python3 -m compileall -q --invalidation-mode unchecked-hash /opt/venv/lib
COPY services services
COPY deploy deploy
RUN rm -r deploy/images deploy/setup.sh \
    && /opt/venv/bin/python -m compileall -q --invalidation-mode unchecked-hash services deploy \
    && /opt/venv/bin/python -W ignore -c "import deploy.topology, deploy.indexes, deploy.operations.status, deploy.operations.backup.command"

FROM ${BASE_IMAGE}
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="vinculo-operator" \
      org.opencontainers.image.description="Vínculo: topology, indexes and the operator's commands" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app/services /app/services
COPY --from=build /app/deploy /app/deploy
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
ENTRYPOINT ["python", "-W", "ignore", "-m"]
CMD ["deploy.topology"]
