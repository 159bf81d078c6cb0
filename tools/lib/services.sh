# services.sh - the processes of one city: started, watched, started again, ended in order.
# Sourced by run. A service is a name, a command line and the signal that ends it gently.

service_names=()
declare -A service_command=() service_signal=() service_pid=() service_began=() service_pause=()
stopping=

# service_add NAME SIGNAL COMMAND...
service_add() {
  local name=$1
  service_names+=("$name")
  service_signal[$name]=$2
  shift 2
  service_command[$name]=$(printf '%q ' "$@")
  service_pause[$name]=0
}

# service_rights NAME: none is left of root's, but a gateway's to listen on a port such as 443
service_rights() {
  if [[ $1 = gateway-* ]] && { port_privileged "$port" || port_privileged "${plain:-65535}"; }; then
    echo -all,+net_bind_service
  else
    echo -all
  fi
}

# A child leads its own session, so that Ctrl-C reaches run alone and the order of the end is ours,
# and dies with run even when run is killed.
service_start() {
  local name=$1
  (
    exec 9>&- # the lock on the folder is not for children
    cd /
    [ "${service_pause[$name]}" = 0 ] || sleep "${service_pause[$name]}"
    eval "set -- ${service_command[$name]}"
    drop=()
    rights=$(service_rights "$name")
    ! is_root || drop=(--reuid="$service_user" --regid="$service_user" --clear-groups
      --inh-caps="$rights" --ambient-caps="$rights")
    exec setsid setpriv "${drop[@]}" --no-new-privs --pdeathsig "${service_signal[$name]}" -- "$@"
  ) >>"$dir/log/$name.log" 2>&1 </dev/null &
  service_pid[$name]=$!
  service_began[$name]=$SECONDS
}

# service_ended PID: which service it was starts again; one that dies young waits longer each time.
service_ended() {
  local name
  for name in "${service_names[@]}"; do
    [ "${service_pid[$name]:-}" = "$1" ] || continue
    if [ $((SECONDS - service_began[$name])) -ge 30 ]; then
      service_pause[$name]=0
    elif [ "${service_pause[$name]}" = 0 ]; then
      service_pause[$name]=0.5
    else
      service_pause[$name]=$(awk -v p="${service_pause[$name]}" 'BEGIN { p *= 2; print (p > 15 ? 15 : p) }')
    fi
    say "$name ended; starting it again (log: $dir/log/$name.log)"
    service_start "$name"
    return
  done
}

services_watch() {
  local gone
  while [ -z "$stopping" ]; do
    gone=
    { wait -n -p gone "${service_pid[@]}"; } 2>/dev/null || true # without the shell's own words on it
    [ -n "$stopping" ] || [ -z "$gone" ] || service_ended "$gone"
  done
}

# service_stop NAME: gently, and after 35 seconds (the services promise 30) not so
service_stop() {
  local name=$1 pid=${service_pid[$1]:-} i
  [ -n "$pid" ] || return 0
  kill -s "${service_signal[$name]}" "$pid" 2>/dev/null || true
  for ((i = 0; i < 350; i++)); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.1
  done
  say "$name does not end; killing it"
  kill -KILL "$pid" 2>/dev/null || true
}

# Last started ends first: doors, then the worker, then the database.
services_stop() {
  local i name
  for ((i = ${#service_names[@]} - 1; i >= 0; i--)); do
    service_stop "${service_names[i]}"
  done
}
