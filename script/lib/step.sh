# shellcheck shell=bash disable=SC2034 # $reason is read by script/setup
# Sourced by script/setup.
: "${logs:?folder of logs}"

running= # process group of the step at work; a stopped set-up takes it along
# A bare 1 would tell a caller that an invariant is broken: whatever goes wrong here is infrastructure, 3.
finish() {
  local rc=$?
  if [[ -n $running ]]; then kill -- "-$running" 2>/dev/null || true; fi
  case $rc in
    0 | 3 | 130 | 143) ;;
    *)
      echo "setup: failed with code $rc, see above and $logs" >&2
      exit 3
      ;;
  esac
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

readonly beat_s=5

last_line() { tr -cd '[:print:]\n' <"$1" | grep -v '^ *$' | tail -n 1 | cut -c "1-$2" || true; }

# step NAME COMMAND...: runs it with its output in $logs/NAME.log and its descriptor 3 on our stdout.
# A command that prints nothing did nothing, and is not mentioned.
# Where it fails, $reason says why in one line. Code 4 means "cannot be had here": its last line is the reason.
reason=
step() {
  local name=$1 log=$logs/$1.log began=$SECONDS next=$beat_s rc=0 line
  shift
  if [[ -s $log ]]; then mv "$log" "$log.before"; fi # a set-up that does nothing keeps the log of the one that did
  set -m # for this one line: job control gives the command a process group of its own
  "$@" 3>&1 >"$log" 2>&1 </dev/null &
  running=$!
  set +m
  while kill -0 "$running" 2>/dev/null; do
    sleep 0.05
    if ((SECONDS - began >= next)); then
      line=$(last_line "$log" 80)
      echo "  $name, $((SECONDS - began)) s${line:+: $line}"
      next=$((next + beat_s))
    fi
  done
  wait "$running" || rc=$?
  running=
  if ((rc == 0)); then
    if [[ -s $log ]]; then echo "setup: $name done in $((SECONDS - began)) s"; fi
  elif ((rc == 4)); then
    reason=$(last_line "$log" 200)
  else
    reason="$name failed, see $log"
    echo "setup: $name failed with code $rc after $((SECONDS - began)) s. The last lines of $log:"
    tail -n 12 "$log" | sed 's/^/    /'
    echo "  Next: read $log, put it right, run script/setup again; it goes on where it stopped."
  fi
  return "$rc"
}
