#!/bin/sh
# A rack of hosts on this machine. Runs in network and mount namespaces of its own, as `unshare --net --mount` makes
# them: nothing of it reaches the network, and all of it goes when this shell does, which is when its input ends.
#
#     unshare --net --mount sh lab.sh FOLDER SHARE… -- NAME=ADDRESS… 
#
# FOLDER gets `NAME.pid`, the id of the host's first process; each SHARE is seen by the hosts at its own path.
set -eu
here=$(dirname "$0")
folder=$1
shift
shares=
while [ "$1" != -- ]; do
  shares="$shares $1"
  shift
done
shift

mount --make-rprivate /
ip link set lo up
ip link add rack type bridge
ip link set rack up

for host in "$@"; do
  printf '%s %s\n' "${host#*=}" "${host%%=*}"
done >"$folder/hosts"

number=0
for host in "$@"; do
  name=${host%%=*}
  number=$((number + 1))
  # The host ends with this shell, and every process of the host with the host's first.
  # shellcheck disable=SC2086
  setpriv --pdeathsig KILL unshare --mount --uts --net --pid --fork --kill-child \
    sh "$here/host.sh" "$folder" "$host" $shares </dev/null >"$folder/$name.log" 2>&1 &
  until [ -s "$folder/$name.pid" ]; do
    kill -0 $! || { cat "$folder/$name.log" >&2; exit 1; }
    sleep 0.05
  done
  ip link add "port$number" type veth peer name eth0 netns "$(cat "$folder/$name.pid")"
  ip link set "port$number" master rack up
done
for host in "$@"; do
  name=${host%%=*}
  pid=$(cat "$folder/$name.pid")
  until nsenter --target "$pid" --mount --pid --root supervisorctl pid >/dev/null 2>&1; do
    kill -0 "$pid" || { cat "$folder/$name.log" >&2; exit 1; }
    sleep 0.2
  done
done
echo up
cat >/dev/null
