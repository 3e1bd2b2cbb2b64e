#!/bin/sh
# What the locked requirements put into each image, as CycloneDX 1.6 (JSON): build/sbom/<image>.json. Debian's packages of
# the base image are listed by whoever builds the base.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p build/sbom
for pair in service:services gateway:gateway operator:operator embedded:embedded; do
    image=${pair%%:*} lock=${pair##*:}
    PYTHONWARNINGS=ignore .venv/bin/uv tool run --from cyclonedx-bom==7.5.0 cyclonedx-py requirements "requirements/$lock.txt" \
        --pyproject pyproject.toml --output-reproducible --of JSON -o "build/sbom/$image.json"
    echo "sbom: build/sbom/$image.json"
done
