#!/bin/sh
# Runs a command against the development overlay on the cluster of KUBECONFIG: forwards its ports to this machine while the
# command runs, and says in the environment where they are (tests/support/stack/given.py).
set -eu
cd "$(dirname "$0")/.."
NAMESPACE=${NAMESPACE:-vinculo-dev}
forwards=
trap 'kill $forwards 2>/dev/null' EXIT

forward() { # forward WHAT PORT: to the same port here, again when it breaks off
    while :; do
        kubectl -n "$NAMESPACE" port-forward "$1" "$2" >/dev/null 2>&1 || sleep 0.3
    done &
    forwards="$forwards $!"
}

secret() { # secret NAME KEY
    kubectl -n "$NAMESPACE" get secret "$1" -o "jsonpath={.data.$2}" | base64 -d
}

# on a node of the cluster its addresses are reached directly; from elsewhere through the API server
address() { # address SERVICE PORT
    kubectl -n "$NAMESPACE" get service "$1" -o "jsonpath={.spec.clusterIP}:$2"
}
if curl -s --max-time 2 -o /dev/null "http://$(address gateway 80)/live"; then
    gateway=$(address gateway 80) mailbox=$(address mailbox 8025)
    broker=$(address rabbitmq 5672) database=$(address database 27017)
else
    forward service/gateway 18000:80
    forward service/mailbox 18025:8025
    forward service/rabbitmq 15672:5672
    forward service/database 27117:27017
    gateway=127.0.0.1:18000 mailbox=127.0.0.1:18025 broker=127.0.0.1:15672 database=127.0.0.1:27117
    until curl -s --max-time 2 -o /dev/null "http://$gateway/live"; do sleep 0.5; done
fi
export NAMESPACE
export VINCULO_GIVEN_URL="http://$gateway" VINCULO_GIVEN_MAILBOX="http://$mailbox"
AMQP_URI=$(secret vinculo-operator AMQP_URI | sed "s#@[^/]*/#@$broker/#") && export AMQP_URI
export MONGO_URI="mongodb://$database/?directConnection=true"
"$@"
