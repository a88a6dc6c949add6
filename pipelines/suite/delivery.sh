#!/usr/bin/env bash
# What is deployed, and how: the pipeline calls this, and only this, so that the rest of it needs no change.
#
#   scripts/delivery artefact                     prints the digest of what will be deployed: sha256:…
#   scripts/delivery deploy ENVIRONMENT SUBJECT   deploys it
set -euo pipefail
cd "$(dirname "$0")/.."

case "${1:-}" in
  artefact)
    # The same bytes must give the same digest: the gate's verdict is bound to it.
    @ARTEFACT@
    ;;
  deploy)
    environment=$2 subject=$3
    echo "scripts/delivery: say here how $subject is deployed to $environment" >&2
    exit 1
    ;;
  *)
    echo "usage: scripts/delivery artefact | deploy ENVIRONMENT SUBJECT" >&2
    exit 2
    ;;
esac
