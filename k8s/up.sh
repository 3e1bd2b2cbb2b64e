#!/bin/sh
# Installs an overlay, or upgrades it: `sh k8s/up.sh [OVERLAY]`, default dev, on the cluster of KUBECONFIG. In this order:
# namespace, accounts, settings and policies; secrets (made once, for dev only); engines; the Job that prepares queues and
# indexes; the processes. Ends when all are ready.
set -eu
cd "$(dirname "$0")/.."
overlay=${1:-dev}
rendered=$(mktemp)
trap 'rm "$rendered"' EXIT
kubectl kustomize "k8s/overlays/$overlay" >"$rendered"
namespace=$(sed -n '/^kind: Namespace/,/^---/s/^  name: //p' "$rendered")
in_it() { kubectl -n "$namespace" "$@"; }
# also over what `kubectl scale` has changed
apply() { kubectl apply --server-side --force-conflicts -f "$rendered" "$@"; }

apply -l '!app.kubernetes.io/component'
if [ "$overlay" = dev ] && ! in_it get secret vinculo-broker >/dev/null 2>&1; then
    .venv/bin/python -W ignore -m deploy.installation --namespace "$namespace" | in_it create -f -
fi
if grep -q 'app.kubernetes.io/component: embedded' "$rendered"; then
    apply -l app.kubernetes.io/component=embedded
fi
for engine in $(in_it get statefulset -l app.kubernetes.io/component=embedded -o name); do
    in_it rollout status "$engine" --timeout=300s
done
if grep -q '^kind: RabbitmqCluster' "$rendered"; then
    in_it wait --for=condition=AllReplicasReady rabbitmqcluster/rabbitmq --timeout=900s
fi
if grep -q '^kind: PerconaServerMongoDB' "$rendered"; then
    in_it wait --for=jsonpath='{.status.state}'=ready perconaservermongodb/database --timeout=900s
fi
# A new version may hear what the old one did not: its users' rights first, by the broker's own command in its pod.
broker=$(in_it get pod -l vinculo/serves=broker -o name | head -n 1)
if [ -n "$broker" ]; then
    { echo 'set -e; PATH=/usr/lib/rabbitmq/bin:$PATH'; .venv/bin/python -W ignore -m deploy.broker_rights; } |
        in_it exec -i "$broker" -- sh >/dev/null
fi
in_it delete job prepare --ignore-not-found --wait
apply -l app.kubernetes.io/name=prepare
in_it wait --for=condition=complete job/prepare --timeout=3600s
ready() { in_it rollout status "deployment/$1" --timeout=900s; }
# The gateway last: a new one asks for what old services do not know (docs/upgrades.md).
apply -l 'app.kubernetes.io/name!=gateway'
for service in people attendance sales scheduling notifications; do ready "$service"; done
apply
ready gateway
