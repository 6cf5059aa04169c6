#!/usr/bin/env bash
# Builds the image and checks what it promises: unprivileged user, read-only file system, no development package, no source of tests,
# and (with a broker in a container beside it) that it serves under exactly the restrictions of compose.yaml.
# Ends what it started. One line per check; exit 1 if any fails, 77 if no Docker engine answers.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

image=doorgeefluik:check-$$
network=doorgeefluik-check-$$
broker=doorgeefluik-check-rabbitmq-$$
gateway=doorgeefluik-check-gateway-$$
work=$(mktemp -d)
failed=0

cleanup() {
  docker rm --force --volumes "$gateway" "$broker" >/dev/null 2>&1
  docker network rm "$network" >/dev/null 2>&1
  docker image rm --force "$image" >/dev/null 2>&1
  rm -rf "$work" deploy/extra-ca/builder.crt
}
trap cleanup EXIT

check() { # check <name> <command ...>
  local name=$1; shift
  if "$@" >"$work/output" 2>&1; then
    echo "image: ok      $name"
  else
    echo "image: FAILED  $name"
    tail -20 "$work/output"
    failed=1
  fi
}

build() {
  local -a arguments=(--network host --tag "$image")
  local name authority
  for name in npm_config_registry http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    [ -n "${!name:-}" ] && arguments+=(--build-arg "$name")
  done
  # A builder behind a proxy trusts an authority of its own; the build stage must trust it too.
  authority=${NODE_EXTRA_CA_CERTS:-$(npm config get cafile 2>/dev/null)}
  [ -f "$authority" ] && cp "$authority" deploy/extra-ca/builder.crt
  DOCKER_BUILDKIT=0 docker build "${arguments[@]}" . >"$work/build.log" 2>&1 || { tail -30 "$work/build.log"; return 1; }
}

# The restrictions of compose.yaml, on a container that is thrown away.
confined=(--read-only --cap-drop ALL --security-opt no-new-privileges:true --ulimit core=0
  --tmpfs /tmp:size=64m,mode=1777 --tmpfs /run/doorgeefluik:size=16m,mode=0700,uid=1000,gid=1000)
in_image() { docker run --rm "${confined[@]}" --network none --entrypoint sh "$image" -c "$1"; }

serves() {
  node dist/certs-dev/generate.js "$work/pki" || return 1
  docker network create "$network" || return 1
  docker run --detach --name "$broker" --hostname rabbitmq --network "$network" --network-alias rabbitmq \
    --volume "$PWD/deploy/rabbitmq.conf:/etc/rabbitmq/conf.d/90-doorgeefluik.conf:ro" "${DOORGEEFLUIK_RABBITMQ_IMAGE:-rabbitmq:4-management}" || return 1
  wait_for 90 timeout 30 docker exec "$broker" rabbitmq-diagnostics -q ping || return 1
  # As in compose.yaml: the gateway's own certificates, readable by the image's user, and nobody else's.
  mkdir "$work/certs" && cp -r "$work/pki/gateway" "$work/pki/ca/root.pem" "$work/pki/ca/intermediate.pem" "$work/certs" || return 1
  chown -R 1000:1000 "$work/certs" && chmod 755 "$work" || return 1
  docker run --detach --name "$gateway" "${confined[@]}" --network "$network" \
    --volume "$work/certs:/etc/doorgeefluik/certs:ro" --volume "$PWD/deploy/gateway.yaml:/etc/doorgeefluik/gateway.yaml:ro" "$image" || return 1
  wait_for 60 is_healthy || { docker logs "$gateway"; return 1; }
}
is_healthy() { # the image's own check, without its interval
  local -a health
  mapfile -t health < <(docker inspect --format '{{range (slice .Config.Healthcheck.Test 1)}}{{println .}}{{end}}' "$gateway")
  timeout 15 docker exec "$gateway" "${health[@]:0:3}"
}
wait_for() { # wait_for <seconds> <command ...>
  local until=$((SECONDS + $1)); shift
  until "$@"; do
    [ "$SECONDS" -lt "$until" ] || return 1
    sleep 1
  done
}
stops() { docker stop --time 30 "$gateway" && [ "$(docker inspect --format '{{.State.ExitCode}}' "$gateway")" = 0 ]; }

if ! docker info >/dev/null 2>&1; then
  echo 'image: no Docker engine answers'
  exit 77
fi
check 'builds' build
[ "$failed" = 0 ] || exit 1
check 'runs as an unprivileged user' in_image '[ "$(id -u)" = 1000 ]'
check 'cannot write its own files' in_image '! touch /opt/doorgeefluik/x && ! touch /etc/doorgeefluik/x'
check 'has a place for keys that is its own' in_image 'touch /run/doorgeefluik/x && [ "$(stat -c %a /run/doorgeefluik)" = 700 ]'
check 'holds no development package' in_image '[ ! -e node_modules/jest ] && [ ! -e node_modules/typescript ] && [ ! -e node_modules/eslint ]'
check 'holds no test, private key or extra authority' in_image '[ ! -e test ] && [ ! -e dist/test ] && [ ! -e /extra-ca.pem ] && [ ! -e certs-dev ]'
check 'answers --help' docker run --rm "${confined[@]}" --network none "$image" --help
check 'serves under these restrictions' serves
check 'stops in order when asked' stops
exit "$failed"
