# shellcheck shell=bash
# Sourced by script/setup: one set-up at a time on a machine, as all of them share one engine and its images.
# Held on descriptor 9 until the last process of this set-up is gone, so also by the children of a killed one.

if command -v flock >/dev/null; then
  exec 9>>"/tmp/interlock-setup-$UID.lock"
  waited=0
  until flock --wait 5 9; do
    waited=$((waited + 5))
    echo "setup: waiting for another script/setup on this machine, $waited s"
    if ((waited >= 900)); then
      echo "setup: it does not end; find it with: fuser -v /tmp/interlock-setup-$UID.lock" >&2
      exit 3
    fi
  done
fi
