# what the scripts here share: names, addresses, processes, the traffic guard; sourced, never run
set -uo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
: "${CLUSTER_CACHE:=${XDG_CACHE_HOME:-$HOME/.cache}/modelpier-cluster}"   # what `build` makes once per machine
: "${CLUSTER_DIR:=$CLUSTER_CACHE/state}"                             # certificates, etcd data, logs, pids
: "${K8S_BIN:=$CLUSTER_CACHE/bin}"
: "${NODE:=node1}"
: "${NODE_IP:=198.51.100.10}"            # TEST-NET-2, /32 on a dummy link: exists on this machine only
: "${NODE_LINK:=kc-node}"                # kc: Kubernetes cluster; a link's name has 15 characters at most
: "${POD_CIDR:=198.18.64.0/24}"          # RFC 2544, for tests of isolated networks; on the CNI bridge only
: "${POD_GW:=${POD_CIDR%.*}.1}"
: "${BRIDGE:=kc-br}"
: "${SERVICE_CIDR:=198.51.100.128/25}"   # API objects only; made unreachable on the host
: "${KUBERNETES_SVC_IP:=198.51.100.129}" # first address of SERVICE_CIDR
: "${API_PORT:=6443}"
: "${ETCD_PORT:=2379}"
: "${ETCD_PEER_PORT:=2380}"
: "${KUBELET_PORT:=10250}"
: "${REGISTRY:=127.0.0.1:5000}"
: "${PAUSE_IMAGE:=$REGISTRY/k8s/pause:3.2}"
: "${OCI_RUNTIME:=/usr/sbin/runc}"
: "${CNI_BIN:=/usr/lib/cni}"
: "${APP_NS:=apps}"
: "${DEPLOYER:=deployer}"
: "${FEATURE_GATES:=TTLAfterFinished=true,EphemeralContainers=true}"
: "${AUDIT:=0}"
# every daemon runs with this group; packets of this group that would leave by a link other than lo or ours are rejected
: "${GUARD_GID:=61999}"

S=$CLUSTER_DIR
OWNER=/run/kc-cluster.owner   # links, addresses, ports and rules exist once per machine: which state folder holds them
owned_by_other() { local o; o=$(cat "$OWNER" 2>/dev/null) && [ -n "$o" ] && [ "$o" != "$S" ] && [ -d "$o/pids" ] && (PIDS=$o/pids; alive kube-apiserver || alive containerd || alive kubelet); }
UNIFIED=/sys/fs/cgroup/unified
PKI=$S/pki KC=$S/kubeconfig LOGS=$S/logs PIDS=$S/pids CONF=$S/config
CTRD_SOCK=$S/containerd/containerd.sock
KUBECTL=$K8S_BIN/kubectl
ADMIN=$KC/admin.kubeconfig

say()  { printf '%s %s\n' "$(date +%H:%M:%S)" "$*"; }
die()  { say "error: $*" >&2; exit 1; }
now()  { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN{printf "%.1f", b-a}'; }

# in_range ADDRESS CIDR (IPv4)
in_range() {
  local bits=$((32 - ${2#*/}))
  [ $(($(as_number "$1") >> bits)) = $(($(as_number "${2%/*}") >> bits)) ]
}
as_number() { local IFS=. p; read -ra p <<<"$1"; echo $(((p[0] << 24) + (p[1] << 16) + (p[2] << 8) + p[3])); }
# what this machine itself talks to, as "NAME ADDRESS": its name servers, its way out, its package servers
machine_needs() {
  local host
  awk '/^nameserver/ && $2 !~ /:/ {print "the name server", $2}' /etc/resolv.conf
  ip -4 route show default | awk '{for (i = 1; i < NF; i++) if ($i == "via") print "the default gateway", $(i + 1)}'
  { cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null; npm config get registry 2>/dev/null; } |
    sed -nE 's#^[^\#]*https?://([^/: ]+).*#\1#p' | sort -u | while read -r host; do
      getent ahostsv4 "$host" | awk -v host="$host" '{print host, $1}' | sort -u
    done
}

# a zombie counts as gone: pid 1 here may take seconds to reap
starttime() { awk '{sub(/.*\) /,""); if ($1!="Z") print $20}' "/proc/$1/stat" 2>/dev/null; }
# a pid file holds "pid starttime": a reused pid is never taken for ours
alive() {
  local p t; [ -s "$PIDS/$1.pid" ] || return 1
  read -r p t <"$PIDS/$1.pid"
  [ -n "$t" ] && [ "$(starttime "$p")" = "$t" ]
}
pidof_() { awk '{print $1}' "$PIDS/$1.pid" 2>/dev/null; }
# start NAME CMD...: detached, own session, log in $LOGS/NAME.log (rotated once per start)
start() {
  local name=$1; shift
  if alive "$name"; then say "$name: already running, pid $(pidof_ "$name")"; return 0; fi
  [ -f "$LOGS/$name.log" ] && mv -f "$LOGS/$name.log" "$LOGS/$name.log.1"
  env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
    AWS_EC2_METADATA_DISABLED=true \
    setpriv --regid "$GUARD_GID" --clear-groups setsid "$@" >"$LOGS/$name.log" 2>&1 </dev/null 9>&- &
  local p=$!
  echo "$p $(starttime "$p")" >"$PIDS/$name.pid"
  disown "$p" 2>/dev/null
}
# stop NAME [SECONDS]: TERM, then KILL, by the recorded pid only
stop() {
  local name=$1 t=${2:-20} p i
  if ! alive "$name"; then rm -f "$PIDS/$name.pid"; return 0; fi
  p=$(pidof_ "$name"); kill -TERM "$p" 2>/dev/null
  for ((i = 0; i < t * 10; i++)); do alive "$name" || break; sleep 0.1; done
  if alive "$name"; then say "$name: no exit after ${t}s, KILL"; kill -KILL "$p" 2>/dev/null; sleep 0.3; fi
  rm -f "$PIDS/$name.pid"
}
# guard -C|-I|-D: what keeps the cluster's packets on this machine
guard() {
  local t rc=0
  for t in iptables ip6tables; do
    "$t" "$1" OUTPUT ! -o lo -m owner --gid-owner "$GUARD_GID" -m addrtype ! --dst-type LOCAL -j KC-OUT 2>/dev/null || rc=1
    # hostNetwork pods: by their cgroup in the v2 (unified) hierarchy, which runc joins beside the v1 ones
    [ ! -d "$UNIFIED/kubepods" ] || "$t" "$1" OUTPUT ! -o lo -m cgroup --path kubepods -m addrtype ! --dst-type LOCAL -j KC-OUT 2>/dev/null || rc=1
    "$t" "$1" FORWARD -i "$BRIDGE" ! -o "$BRIDGE" -j REJECT 2>/dev/null || rc=1
    "$t" "$1" FORWARD ! -i "$BRIDGE" -o "$BRIDGE" -j REJECT 2>/dev/null || rc=1
  done
  return $rc
}
guard_on() {
  local t
  [ ! -d "$UNIFIED" ] || mkdir -p "$UNIFIED/kubepods"
  for t in iptables ip6tables; do
    "$t" -N KC-OUT 2>/dev/null || "$t" -F KC-OUT
    "$t" -A KC-OUT -o "$BRIDGE" -j RETURN && "$t" -A KC-OUT -j REJECT || return 1
  done
  guard -C || { while guard -D; do :; done; guard -I; }
}
guard_off() {
  local t i
  for i in 1 2 3; do guard -D; done
  for t in iptables ip6tables; do "$t" -F KC-OUT 2>/dev/null; "$t" -X KC-OUT 2>/dev/null; done
  return 0
}
# waitfor SECONDS NAME COMMAND...: until COMMAND succeeds; fails at once if process NAME dies
waitfor() {
  local t=$1 name=$2 t0; shift 2; t0=$(now)
  while ! "$@" >/dev/null 2>&1; do
    if [ -n "$name" ] && ! alive "$name"; then
      say "$name died; last lines of $LOGS/$name.log:"; tail -15 "$LOGS/$name.log" >&2; return 1; fi
    awk -v a="$t0" -v b="$(now)" -v t="$t" 'BEGIN{exit !(b-a>t)}' && return 1
    sleep 0.1
  done
}
