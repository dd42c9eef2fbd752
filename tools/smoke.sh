#!/usr/bin/env bash
# The README's two commands, as a stranger runs them.
#
#   tools/smoke.sh [--node DIR]   in a fresh clone, with a bare environment and no network but loopback, as this user and,
#                                 when that is root, also as a plain user; DIR holds another node binary to do it with
#   tools/smoke.sh --here         in the installed checkout that is the current directory
set -euo pipefail

ready_limit_s=60
stop_limit_s=20
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '[smoke] %s\n' "$*"; }

fail() {
  say "FAILED: $*" >&2
  exit 1
}

# --- in an installed checkout -------------------------------------------------------------------------------------------

free_port() {
  node -e 'const s = require("node:net").createServer(); s.listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

# 0 when the product answers 200 on /health/ready.
is_ready() {
  node -e 'fetch(process.argv[1]).then((r) => process.exit(r.status === 200 ? 0 : 1), () => process.exit(1))' \
    "http://127.0.0.1:$PORT/health/ready"
}

# Processes of this run: they carry its mark in their environment, or the checkout in their command line or directory.
left_over() {
  local process pid
  for process in /proc/[0-9]*; do
    pid=${process#/proc/}
    [[ $pid == "$$" || $pid == "$BASHPID" || $pid == "$PPID" ]] && continue
    if tr '\0' '\n' 2>/dev/null <"$process/environ" | grep -qx "SMOKE_MARK=$mark" ||
      tr '\0' ' ' 2>/dev/null <"$process/cmdline" | grep -qF "$PWD/"; then
      printf '%s %s\n' "$pid" "$(tr '\0' ' ' 2>/dev/null <"$process/cmdline")"
    fi
  done
}

# Starts the product as a job with a process group of its own, as a terminal would; sets $product.
start_product() {
  local started=$SECONDS
  SMOKE_MARK=$mark npm start >"$log" 2>&1 &
  product=$!
  until is_ready; do
    kill -0 "$product" 2>/dev/null || { cat "$log" >&2; fail 'the product ended before it was ready'; }
    ((SECONDS - started < ready_limit_s)) || { cat "$log" >&2; fail "not ready after $ready_limit_s s"; }
    sleep 0.2
  done
  say "ready after $((SECONDS - started)) s"
}

expect_nothing_left() {
  local started=$SECONDS rest
  while rest=$(left_over) && [[ -n $rest ]]; do
    ((SECONDS - started < stop_limit_s)) || fail "still there $stop_limit_s s after $1: $rest"
    sleep 0.2
  done
  if is_ready; then fail "something still answers after $1"; fi
  say "nothing left after $1 ($((SECONDS - started)) s)"
}

smoke_here() {
  mark=$$-$RANDOM
  log=$(mktemp)
  product=
  PORT=$(free_port)
  export PORT
  set -m
  trap '[[ -z $product ]] || kill -KILL -- "-$product" 2>/dev/null || true; rm -f "$log"' EXIT

  start_product
  npm run demo || { cat "$log" >&2; fail 'the demo'; }
  kill -INT -- "-$product"
  wait "$product" 2>/dev/null || true
  expect_nothing_left 'Ctrl-C'

  start_product
  kill -KILL "$product"
  wait "$product" 2>/dev/null || true
  expect_nothing_left 'kill -9 of npm'
  product=
}

# --- in a fresh clone ---------------------------------------------------------------------------------------------------

# Runs a command with loopback as its only network, where this machine lets us.
without_network() {
  if unshare --net true 2>/dev/null && command -v ip >/dev/null; then
    unshare --net sh -c 'ip link set lo up && exec "$@"' sh "$@"
  else
    "$@"
  fi
}

smoke_clone() {
  local node_dir=$1 home path
  place=$(mktemp -d)
  trap 'rm -rf "$place"' EXIT
  chmod 755 "$place"
  path=${node_dir:+$node_dir:}$(dirname "$(command -v node)"):$(dirname "$(command -v npm)"):/usr/local/bin:/usr/bin:/bin
  git clone --quiet --no-hardlinks "$here" "$place/skypark"
  cd "$place/skypark"

  say "npm ci with node $(env -i PATH="$path" node --version)"
  env -i HOME="$HOME" PATH="$path" npm ci --prefer-offline --no-audit --no-fund
  say "as $(id -un), with a bare environment"
  without_network env -i HOME="$HOME" PATH="$path" tools/smoke.sh --here

  if [[ $(id -u) == 0 ]]; then
    home=$place/home
    mkdir "$home"
    rm -rf .skypark dist .build
    chown -R 65534:65534 "$place/skypark" "$home"
    say 'as a plain user, with a bare environment'
    without_network setpriv --reuid 65534 --regid 65534 --clear-groups \
      env -i HOME="$home" PATH="$path" tools/smoke.sh --here
  fi
  cd /
}

case ${1-} in
  --here) smoke_here ;;
  --node) smoke_clone "$(cd "${2:?--node needs a directory}" && pwd)" ;;
  '') smoke_clone '' ;;
  *) fail "unknown argument $1" ;;
esac
say 'passed'
