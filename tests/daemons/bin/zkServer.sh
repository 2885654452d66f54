#!/usr/bin/env bash
# Runs a ZooKeeper server in the foreground, as its own bin/zkServer.sh does: with java.env and zookeeper-env.sh of
# ZOOCFGDIR, whose folder comes first on the class path, for logback.xml lies there.
set -euo pipefail
home=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
: "${ZOOCFGDIR:?}"
if [ "${1:-}" != start-foreground ]; then
  echo 'zkServer.sh: start-foreground is all that there is' >&2
  exit 2
fi
set +u
. "$ZOOCFGDIR/zookeeper-env.sh"
. "$ZOOCFGDIR/java.env"
set -u

# Options are words: they are split on purpose.
# shellcheck disable=SC2086
exec "$JAVA_HOME/bin/java" "-Dzookeeper.log.dir=$ZOO_LOG_DIR" ${SERVER_JVMFLAGS:-} \
  -cp "$ZOOCFGDIR:$home/lib/*" org.apache.zookeeper.server.quorum.QuorumPeerMain "$ZOOCFGDIR/zoo.cfg"
