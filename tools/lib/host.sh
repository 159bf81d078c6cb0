# host.sh - what run, test and tools/cluster share: messages, packages, the build, the service user.
# Sourced, never run. Expects `root`, the repository's folder.

pg_bin=/usr/lib/postgresql/15/bin
service_user=jiebang

say() { printf '%s\n' "$*" >&2; }
die() { say "$(basename "$0"): $*"; exit 1; }
is_root() { [ "$(id -u)" = 0 ]; }

as_root() { if is_root; then "$@"; else sudo "$@"; fi; }

# may_install PACKAGE...: this is a machine that has them, and root's rights can be had
may_install() {
  command -v apt-get >/dev/null ||
    die "made for Debian 12, and here is $(os_name); with these present, --no-install goes on: $*"
  is_root || sudo -n true 2>/dev/null || {
    command -v sudo >/dev/null || die "neither root nor sudo: have root do this once: apt-get install $*"
    say "sudo asks for your password to install packages"
    sudo true || die "without sudo, have root do this once: apt-get install $*"
  }
}

os_name() { (. /etc/os-release 2>/dev/null && printf '%s' "${PRETTY_NAME:-}") || uname -s; }

# install_packages LIST...: Debian packages named in tools/packages/LIST.txt that are not here yet.
install_packages() {
  local list missing=() package log
  local -A present=()
  while read -r package; do present[$package]=1; done < <(
    dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' 2>/dev/null | sed -n 's/^ii *//p')
  for list in "$@"; do
    while read -r package; do
      [ -n "${present[$package]:-}" ] || missing+=("$package")
    done <"$root/tools/packages/$list.txt"
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  may_install "${missing[@]}"
  say "installing ${#missing[@]} packages: ${missing[*]}"
  log=$(mktemp)
  if [ -z "${present[postgresql-common]:-}" ] && [[ " ${missing[*]} " = *" postgresql-15 "* ]]; then
    # the package would bring a cluster of its own to life on port 5432, which nobody here uses
    apt_install "$log" postgresql-common
    as_root sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
  fi
  apt_install "$log" "${missing[@]}"
  rm -f "$log"
}

# apt_install LOG PACKAGE...: three tries, since one mirror's hiccup should not end a start
apt_install() {
  local log=$1 try
  shift
  for try in 1 2 3; do
    if { [ "$try" != 1 ] || [ -z "$(find /var/lib/apt/lists -name '*Packages*' -print -quit 2>/dev/null)" ]; }; then
      as_root apt-get -o DPkg::Lock::Timeout=120 update -qq >>"$log" 2>&1 || true
    fi
    if as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -y -qq \
        --no-install-recommends "$@" >>"$log" 2>&1 </dev/null; then
      return 0
    fi
    sleep $((try * 3))
  done
  tail -20 "$log" >&2
  die "could not install: $* (made for Debian 12; this is $(os_name))"
}

# install_modules FOLDER...: what the package-lock.json of each folder names, from npm, unless it is there.
# npm itself comes with some builds of Node and not with Debian's.
install_modules() {
  local folder log try
  for folder in "$@"; do
    [ ! "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ] || continue
    command -v npm >/dev/null || { may_install npm; log=$(mktemp); apt_install "$log" npm; rm -f "$log"; }
    say "installing the Node modules of ${folder#"$root/"}"
    log=$(mktemp)
    for try in 1 2 3; do
      if (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) >"$log" 2>&1 </dev/null; then
        touch "$folder/node_modules/.package-lock.json"
        break
      fi
      [ "$try" != 3 ] || { tail -20 "$log" >&2; die "npm could not install the modules of $folder"; }
      sleep $((try * 3))
    done
    rm -f "$log"
  done
}

# build_into FOLDER TARGET... -- CMAKE-ARGUMENT...: configures once (or when JB_RECONFIGURE is set)
build_into() {
  local folder=$1 log targets=()
  shift
  while [ "$1" != -- ]; do targets+=("$1"); shift; done
  shift
  log=$(mktemp)
  [ ! -e "$folder/.ninja_log" ] || [ -w "$folder/.ninja_log" ] ||
    die "$folder was built by another user: run as $(stat -c %U "$folder/.ninja_log"), or remove that folder"
  if [ ! -f "$folder/build.ninja" ] || [ ! -f "$folder/.ninja_log" ]; then
    say "building in $folder; the first time takes a minute or two"
  fi
  if [ ! -f "$folder/build.ninja" ] || [ -n "${JB_RECONFIGURE:-}" ]; then
    if ! cmake -S "$root" -B "$folder" -G Ninja "$@" >"$log" 2>&1; then
      tail -30 "$log" >&2
      die "cmake failed in $folder"
    fi
  fi
  if ! nice ninja -C "$folder" "${targets[@]}" >"$log" 2>&1; then
    { grep -A12 -E 'error:|FAILED|undefined reference' "$log" || tail -30 "$log"; } | head -60 >&2
    die "the build in $folder failed"
  fi
  rm -f "$log"
}

# build_web FOLDER: style sheet and islands of the pages, for a gateway's static_dir. Where the bundler
# is not to be had (no npm, no network) the sheet goes as it is written, and the pages without islands.
build_web() {
  local web=$root/services/web
  mkdir -p "$1"
  if [ -d "$web/node_modules/esbuild" ] || (install_modules "$web"); then
    node "$web/build.mjs" "$1" >/dev/null && return
  fi
  say "the pages go without islands, since their bundler is not here"
  mkdir -p "$1/style"
  cp "$web"/style/*.css "$web/style/icon.svg" "$1/style/"
  printf '{"css": "/style/main.css", "dark": "/style/dark.css", "paper": "/style/paper.css", "icon": "/style/icon.svg"}\n' >"$1/manifest.json"
}

# Root gives up its rights before PostgreSQL and the services start; anybody else is himself.
ensure_service_user() {
  is_root || { service_user=$(id -un); return 0; }
  id "$service_user" >/dev/null 2>&1 ||
    useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$service_user"
}

unprivileged() {
  if is_root; then
    setpriv --reuid="$service_user" --regid="$service_user" --clear-groups --inh-caps=-all \
      --no-new-privs -- "$@"
  else
    "$@"
  fi
}

# can_reach FOLDER: the service user may enter it (a clone under /root may not be entered)
can_reach() { unprivileged test -x "$1" 2>/dev/null; }

# socket_folder DIR: DIR/socket, or a short private folder when the path would pass the 107 bytes
# that a unix socket's name may have.
socket_folder() {
  local folder=$1/socket
  if [ ${#folder} -gt 80 ]; then
    folder=/tmp/jb-$(printf '%s' "$1" | sha256sum | cut -c1-12)
  fi
  printf '%s' "$folder"
}

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# below it, only who has the right may listen
port_privileged() { [ "$1" -lt "$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start 2>/dev/null || echo 1024)" ]; }

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    port_taken "$port" || { printf '%s' "$port"; return; }
  done
}
