#!/bin/sh
# Asks a gateway everything that its OpenAPI document allows, and much that it does not. Needs python3 and PyPI.
set -eu
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check schemathesis==4.32.5
SCHEMATHESIS="$folder/venv/bin/schemathesis" npx vitest run --config vitest.contract.config.ts "$@"
