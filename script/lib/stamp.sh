# shellcheck shell=bash
# Sourced by script/setup: whether a part of it, packages or images, was done for what is there now.
# Its stamp holds what the part was made from and what it made. Needs GNU find; elsewhere nothing is ever stamped.
: "${logs:?folder of stamps}"

readonly manifests=(.node-version package.json pnpm-lock.yaml pnpm-workspace.yaml fixtures/package.json script)

# listing FIND-ARGUMENT...: files with size and times. The time of the last change cannot be set back, as `cp -p` does.
listing() { find -L "$@" -printf '%p %s %T@ %C@\n'; }

# inputs PART
inputs() {
  case $1 in
    packages) listing "${manifests[@]}" -type f ;;
    images) listing "${manifests[@]}" contracts fixtures -name node_modules -prune -o -type f ;;
  esac
}

# outputs PART
outputs() {
  case $1 in
    packages) listing node_modules/.modules.yaml node_modules/.bin/node fixtures/node_modules -maxdepth 0 ;;
    # Images with the same creation time are listed in any order.
    images)
      docker image ls --no-trunc --filter 'reference=interlock/*' --format '{{.Repository}}:{{.Tag}} {{.ID}}' |
        LC_ALL=C sort
      ;;
  esac
}

# is_done PART
is_done() {
  local now
  now=$({ inputs "$1" && outputs "$1"; } 2>/dev/null) || return 1
  [[ -f $logs/$1.stamp && $now == "$(<"$logs/$1.stamp")" ]]
}

# stamp PART INPUTS: keeps what the part was made from, as listed before it was made, and what has come of it.
stamp() {
  local made
  made=$(outputs "$1" 2>/dev/null) || return 0
  if [[ -n $2 ]]; then printf '%s\n' "$2" "$made" >"$logs/$1.stamp"; fi
}
