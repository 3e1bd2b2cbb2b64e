#!/bin/sh
# Builds the images: all, or those named. `make images`, or `sh deploy/images/build.sh people gateway`.
#   BUILDER      docker, podman or buildah; the first that is on the machine
#   BASE_IMAGE   what they stand on, Debian 12 with Python 3.11; default: Docker's official python image
#   BUILD_IMAGE  the same with venv and pip, where the base has none
#   BUILD_FLAGS  more words for the builder, as --network host
#   TAG          default: dev
#   NAMES        what stands before the name, as registry.example.com/vinculo/ ; default: vinculo-
set -eu
cd "$(dirname "$0")/../.."

TAG=${TAG:-dev}
NAMES=${NAMES:-vinculo-}
REVISION=$(git rev-parse HEAD 2>/dev/null || echo unknown)

builder() {
    for name in ${BUILDER:-} docker podman buildah; do
        command -v "$name" >/dev/null 2>&1 && echo "$name" && return
    done
    echo "build.sh: no docker, podman or buildah on this machine" >&2
    exit 1
}

# "people People" and so on, from the one list of services
services() {
    sed -n 's/^ *"\([a-z]*\)": "services\.[a-z]*\.service:\([A-Za-z]*\)",$/\1 \2/p' services/catalogue.py
}

build() { # build NAME DOCKERFILE [FLAGS]
    name=$1 file=$2
    shift 2
    echo "images: $NAMES$name:$TAG"
    # shellcheck disable=SC2086 (flags are words)
    $BUILD ${BUILD_FLAGS:-} ${BASE_IMAGE:+--build-arg BASE_IMAGE="$BASE_IMAGE"} \
        ${BUILD_IMAGE:+--build-arg BUILD_IMAGE="$BUILD_IMAGE"} --build-arg VERSION="$TAG" --build-arg REVISION="$REVISION" \
        "$@" -t "$NAMES$name:$TAG" -f "deploy/images/$file" .
}

BUILD="$(builder) build"
wanted=${*:-$(services | cut -d ' ' -f 1) gateway operator embedded}
for name in $wanted; do
    case $name in
    gateway | operator | embedded) build "$name" "$name.Dockerfile" ;;
    *) build "$name" service.Dockerfile --build-arg SERVICE="$name" \
        --build-arg CLASS="$(services | sed -n "s/^$name //p")" ;;
    esac
done
