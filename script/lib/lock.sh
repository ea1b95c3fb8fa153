# shellcheck shell=bash
# Sourced by script/setup: one set-up at a time on a machine, as all of them share one engine and its images.
# Held on descriptor 9 until the last process of this set-up is gone, so also by the children of a killed one.

# setup_lock: a file in a folder of the user's own, which nobody else can hold. A user without a home has the checkout's.
setup_lock() {
  local home folder
  home=$(getent passwd "$UID" 2>/dev/null | cut -d : -f 6) || home=
  folder=${home:-${HOME:-}}/.cache/interlock
  if [[ $folder == /.cache/* ]] || ! mkdir -p "$folder" 2>/dev/null || [[ ! -O $folder || ! -w $folder ]]; then
    folder=$logs
  fi
  echo "$folder/setup.lock"
}

if command -v flock >/dev/null; then
  lock=$(setup_lock)
  exec 9>>"$lock"
  waited=0
  until flock --wait 5 9; do
    waited=$((waited + 5))
    echo "setup: waiting for another script/setup on this machine, $waited s"
    if ((waited >= 900)); then
      echo "setup: it does not end; find it with: fuser -v $lock" >&2
      exit 3
    fi
  done
fi
