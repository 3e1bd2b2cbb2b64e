#!/bin/sh
# What the locked requirements put into each image, as CycloneDX 1.6 (JSON): build/sbom/<image>.json. Debian's packages of
# the base image are listed by whoever builds the base.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p build/sbom
for image in people attendance sales scheduling notifications gateway operator embedded; do
    PYTHONWARNINGS=ignore .venv/bin/uv tool run --from cyclonedx-bom==7.5.0 cyclonedx-py requirements "requirements/$image.txt" \
        --pyproject pyproject.toml --output-reproducible --of JSON -o "build/sbom/$image.json"
    echo "sbom: build/sbom/$image.json"
done
