#!/bin/sh
# Starts one role: entrypoint.sh gateway | worker
# `exec` leaves no shell in between: a signal to this process is a signal to Node.js.
set -eu

case "${1:-}" in
  gateway | worker)
    role=$1
    shift
    exec node "${0%/*}/apps/$role/dist/main.js" "$@"
    ;;
  *)
    echo "Say which role to run, gateway or worker, not \"${1:-}\". For a shell: docker run --entrypoint sh." >&2
    exit 64
    ;;
esac
