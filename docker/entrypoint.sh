#!/bin/sh
# Starts one role: entrypoint.sh gateway | worker | mailbox
# `exec` leaves no shell in between: a signal to this process is a signal to Node.js.
set -eu

case "${1:-}" in
  gateway | worker | mailbox)
    role=$1
    shift
    exec node "${0%/*}/apps/$role/dist/main.js" "$@"
    ;;
  *)
    echo "Say which role to run, gateway, worker or mailbox, not \"${1:-}\". For a shell: docker run --entrypoint sh." >&2
    exit 64
    ;;
esac
