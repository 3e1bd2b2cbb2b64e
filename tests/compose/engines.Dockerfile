# What deploy/compose.yaml takes from public registries, as Debian has it: for a machine that reaches none. The database is
# the embedded engine (docs/adr/0003). debian.yaml says how. For tests, never for production.
ARG EMBEDDED_IMAGE=vinculo-embedded:dev
FROM ${EMBEDDED_IMAGE}
USER root
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl nginx-light prometheus \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt /etc/nginx/sites-enabled/default
