#!/usr/bin/env bash
# Builds the image with Compose, runs compose.yaml, and sends a bericht through it from outside: sent and received with the CLI on this
# machine. Checks what image and compose.yaml promise (unprivileged, read-only, no dumps, nothing of the payload kept, in order to the end,
# register kept over a restart) and removes all it made. One line per check; exit 1 if any fails, 77 if no Docker engine answers.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

project=doorgeefluik-check-$$
export DOORGEEFLUIK_IMAGE=doorgeefluik:check-$$
# Any free port: the gateway of a demonstration may stand on the usual one.
export DOORGEEFLUIK_HOST_PORT=0
example=schemas/berichten/notificatieDi01/1.0.9/voorbeelden/geldig/intake-afgerond.xml
canary="Kanarie$$$(date +%s)Zingt"
work=$(mktemp -d)
failed=0
compose=()
url='' gateway='' message=''

cleanup() {
  [ "${#compose[@]}" -eq 0 ] || in_project down --volumes --remove-orphans >/dev/null 2>&1
  docker image rm --force "$DOORGEEFLUIK_IMAGE" >/dev/null 2>&1
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

# The first that works: the plugin, the older program, and on Debian as root the older program installed.
find_compose() {
  if docker compose version; then
    compose=(docker compose)
    return
  fi
  if ! command -v docker-compose && [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker-compose || return 1
  fi
  docker-compose version && compose=(docker-compose)
}
in_project() { "${compose[@]}" --project-name "$project" "$@" </dev/null; }

build() {
  local authority
  # A builder behind a proxy trusts an authority of its own; the build stage must trust it too.
  authority=${NODE_EXTRA_CA_CERTS:-$(npm config get cafile 2>/dev/null)}
  [ ! -f "$authority" ] || cp "$authority" deploy/extra-ca/builder.crt
  in_project build gateway
  local code=$?
  rm -f deploy/extra-ca/builder.crt
  return "$code"
}
in_image() { docker run --rm --network none --entrypoint sh "$DOORGEEFLUIK_IMAGE" -c "$1"; }

starts() {
  in_project up --detach || return 1
  locate && wait_for 90 is_healthy || { docker logs "$gateway"; return 1; }
}
locate() {
  gateway=$(in_project ps --quiet gateway) && [ -n "$gateway" ] || return 1
  url=https://localhost:$(in_project port gateway 8443 | sed 's/.*://')
}
is_healthy() { [ "$(docker inspect --format '{{.State.Health.Status}}' "$gateway")" = healthy ]; }
wait_for() { # wait_for <seconds> <command ...>
  local until=$((SECONDS + $1)); shift
  until "$@"; do
    [ "$SECONDS" -lt "$until" ] || return 1
    sleep 1
  done
}
# A probe that fails its handshake would write a warning each time, and hide those of participants.
probes_quietly() { ! docker logs "$gateway" 2>&1 | grep HandshakeFailed; }
inside() { docker exec "$gateway" sh -c "$1"; }

is_confined() {
  inside '[ "$(id -u)" = 1000 ] && [ "$(id -g)" = 1000 ]' || return 1
  # Of process 1 itself: no capability, none to be had, no core dump.
  inside 'awk "/^Cap(Prm|Eff|Bnd|Amb):/ && \$2 !~ /^0+\$/ { exit 1 } /^NoNewPrivs:/ && \$2 != 1 { exit 1 }" /proc/1/status'
}
dumps_nothing() { inside 'grep -E "^Max core file size +0 +0 " /proc/1/limits'; }
# What the user could write anywhere; the kernel says no to a read-only file system.
writes_only_in_its_places() {
  local writable
  writable=$(inside 'find / \( -path /proc -o -path /sys -o -path /dev \) -prune -o -writable ! -type l -print 2>/dev/null')
  echo "$writable"
  grep -qx /var/lib/doorgeefluik <<<"$writable" || return 1
  ! grep -vE '^(/tmp|/run/doorgeefluik|/var/lib/doorgeefluik)(/|$)' <<<"$writable" || return 1
  inside '! touch /probe && ! touch /opt/doorgeefluik/probe && ! touch /etc/doorgeefluik/certs/probe'
}
opens_no_debugger() {
  inside 'kill -USR1 1; sleep 1; ! node -e "
    require(\"node:net\").connect(9229, \"127.0.0.1\").once(\"connect\", () => process.exit(0)).once(\"error\", () => process.exit(1))"' && is_healthy
}

doorgeefluik() { node dist/cli/main.js "$@"; }
profile() { echo --url "$url" --profile "certs-dev/out/$1"; }
field() { node -p "JSON.parse(require('fs').readFileSync('$work/$1', 'utf8')).$2"; }

sends() {
  sed "s/>Felsen</>$canary</" "$example" >"$work/bericht.xml"
  grep -q "$canary" "$work/bericht.xml" || return 1
  # Not ended yet is exit code 1; the receipt is what counts here.
  doorgeefluik send "$work/bericht.xml" --fresh --wait 0 $(profile rvdk) --json --sent-out "$work/sent.xml" --receipt-out "$work/receipt.jws" >"$work/sent.json"
  cat "$work/sent.json"
  message=$(field sent.json berichtId)
  [ -n "$message" ] && [ "$(field sent.json ontvangstbevestiging.geldig)" = true ]
}
receives() {
  timeout 60 node dist/cli/main.js receive --pull --point arnhem-notificaties --count 1 --out "$work/in" $(profile gemeente-arnhem) || return 1
  cmp "$work/sent.xml" "$work/in/$message.xml"
}
# The same bericht again: the gateway knows it, and says how it ended, with this proof.
is_delivered() { # is_delivered <bewijs>
  doorgeefluik send "$work/sent.xml" $(profile rvdk) --json --end-out "$work/end.jws" >"$work/again.json" || { cat "$work/again.json"; return 1; }
  [ "$(field again.json berichtId)" = "$message" ] && [ "$(field again.json herhaling)" = true ] &&
    [ "$(field again.json toestand)" = afgeleverd ] && [ "$(field again.json bewijs)" = "$1" ]
}
verifies() {
  doorgeefluik receipt verify "$work/receipt.jws" "$work/end.jws" --bericht "$work/sent.xml" --root certs-dev/out/ca/root.pem
}

# Files and log lines of both containers that hold one of the texts, given one per line.
occurrences() {
  local id
  for id in $(in_project ps --quiet); do
    # Each file as its own user may read it: the broker's as root, the gateway's as the gateway.
    docker exec --interactive "$id" sh -c 'grep -rlsaF -f - / --exclude-dir=proc --exclude-dir=sys --exclude-dir=dev' <<<"$1"
    docker logs "$id" 2>&1 | grep -aF -f <(echo "$1")
  done
}
# As it is, and as Base64 shows it at each of the three positions.
disguises() {
  node -p '[0, 1, 2].map((n) => Buffer.from("x".repeat(n) + process.argv[1]).toString("base64").slice(n === 0 ? 0 : 4, -4)).concat(process.argv[1]).join("\n")' "$1"
}
keeps_nothing() {
  # The search sees what is there: the register and the log name the bericht.
  [ "$(occurrences "$message" | wc -l)" -ge 2 ] || { echo 'the search itself finds nothing'; return 1; }
  local found
  found=$(occurrences "$(disguises "$canary")")
  [ -z "$found" ] || { echo "payload in: $found"; return 1; }
}

# Somebody waits in the mailbox when the gateway is asked to stop: that call is answered, and the end is in order.
stops_in_order() {
  node -e '
    const [url, profile] = process.argv.slice(1);
    const read = (name) => require("node:fs").readFileSync(`certs-dev/out/${name}`);
    require("node:https").get(`${url}/v1/postbus?wacht=30`, { cert: read(`${profile}/tls.pem`), key: read(`${profile}/tls.key`), ca: read("ca/root.pem") },
      (response) => process.exit(response.statusCode === 204 ? 0 : 1)).once("error", () => process.exit(1));' "$url" gemeente-arnhem &
  local waiting=$!
  sleep 2
  kill -0 "$waiting" || return 1
  in_project stop gateway || return 1
  wait "$waiting" || { echo 'the waiting call got no answer'; return 1; }
  [ "$(docker inspect --format '{{.State.ExitCode}}' "$gateway")" = 0 ] || return 1
  docker logs "$gateway" 2>&1 | grep GatewayStopped
}
starts_again() {
  in_project start gateway && locate && wait_for 90 is_healthy
}
audit_log_holds() {
  docker exec "$gateway" node dist/cli/main.js audit verify /var/lib/doorgeefluik/register --root /etc/doorgeefluik/certs/root.pem || return 1
  docker exec "$gateway" node dist/cli/main.js audit show /var/lib/doorgeefluik/register --bericht "$message"
}

if ! docker info >/dev/null 2>&1; then
  echo 'image: no Docker engine answers'
  exit 77
fi
check 'docker compose or docker-compose is here' find_compose
check 'certificates' node scripts/certs.mjs
[ "$failed" = 0 ] || exit 1
check 'builds' build
[ "$failed" = 0 ] || exit 1
check 'runs Node 24' in_image 'node -e "process.exit(Number(process.versions.node.split(\".\")[0]) === 24 ? 0 : 1)"'
check 'holds no development package' in_image '[ ! -e node_modules/jest ] && [ ! -e node_modules/typescript ] && [ ! -e node_modules/eslint ]'
check 'lists what it is made of' in_image 'grep -q "\"bomFormat\": \"CycloneDX\"" dist/sbom.cdx.json && grep -q libxml2-wasm dist/sbom.cdx.json'
check 'holds no test, private key or extra authority' in_image '[ ! -e test ] && [ ! -e dist/test ] && [ ! -e /extra-ca.pem ] && ! find / -xdev -name "*.key" 2>/dev/null | grep .'
check 'docker compose up: broker and gateway become healthy' starts
[ "$failed" = 0 ] || exit 1
check 'is probed without a failed handshake' probes_quietly
check 'runs unprivileged, without capabilities' is_confined
check 'dumps no core' dumps_nothing
check 'writes in its own three places only' writes_only_in_its_places
check 'opens no debugger on a signal' opens_no_debugger
check 'takes a bericht from outside' sends
check 'keeps nothing of a waiting bericht' keeps_nothing
check 'gives it to its recipient outside, byte for byte' receives
check 'says afgeleverd, on a signed receipt' is_delivered getekend
check 'receipts verify offline with the root alone' verifies
check 'keeps nothing of an ended bericht' keeps_nothing
check 'stops in order when asked' stops_in_order
check 'is healthy again after a restart' starts_again
# The key of the recipient's receipt went with the container; what the register says is left.
check 'still knows the bericht and its end after a restart' is_delivered verbinding
check 'has a whole audit log after a restart' audit_log_holds
exit "$failed"
