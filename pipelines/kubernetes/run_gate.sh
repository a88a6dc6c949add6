#!/usr/bin/env bash
# Runs the gate in the cluster for one deployment, and waits for its verdict: a step of a pipeline.
#
#   kubernetes/weir/run-gate ENVIRONMENT SUBJECT COMMIT [NAMESPACE]
#
# Exit code 0: the deployment may go on. Anything else: it may not; the log says why.
set -euo pipefail
cd "$(dirname "$0")/../.."
environment=$1 subject=$2 commit=$3
scope=()
if [[ -n ${4:-} ]]; then scope=(--namespace "$4"); fi

built=$(kubectl kustomize .)
apply() {  # the parts of one component
  kubectl "${scope[@]}" apply --filename - --selector "app.kubernetes.io/component=$1" <<< "$built"
}
for part in access storage suite; do apply "$part"; done
kubectl create configmap weir-deployment --dry-run=client --output yaml \
  --from-literal "WEIR_ENVIRONMENT=$environment" --from-literal "WEIR_SUBJECT=$subject" \
  --from-literal "WEIR_COMMIT=$commit" | kubectl "${scope[@]}" apply --filename -
# A Job is not changed once it runs.
kubectl "${scope[@]}" delete job weir-gate --ignore-not-found
apply gate

state=
for ((waited = 0; waited < 3600; waited += 5)); do
  state=$(kubectl "${scope[@]}" get job weir-gate \
    --output 'jsonpath={.status.conditions[?(@.status=="True")].type}')
  if [[ $state == *Complete* || $state == *Failed* ]]; then break; fi
  sleep "${WEIR_POLL_SECONDS:-5}"
done
kubectl "${scope[@]}" logs job/weir-gate --all-containers || true
if [[ $state == *Complete* ]]; then exit 0; fi
echo "run-gate: ${state:-no end after an hour}: the deployment may not go on" >&2
exit 1
