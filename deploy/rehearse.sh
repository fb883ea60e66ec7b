#!/usr/bin/env bash
# Proves docs/operations.md: on bare Debian roots, booted with systemd in a network of their own, it installs the site by the documented
# commands, verifies it, installs it again, refuses a broken release, takes a good one, makes a backup, deletes everything, restores on
# another bare root, verifies that, and opens every link of the mails that the first one sent. As root on Debian; takes about ten minutes
# for a shape, and 4 GB of disk.
#
#   deploy/rehearse.sh [embedded|scale-out]    default: both
#
# DEBIAN_MIRROR names another mirror than debootstrap's own; REHEARSAL_SHARE directories that the roots see as well (for example a mirror of
# packages that pip's configuration names); KEEP=1 keeps roots and logs.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly release=bookworm domain=kunjungan.example.go.id address=10.0.2.100
readonly docs=docs/operations.md started=$SECONDS
work="$(mktemp -d "${TMPDIR:-/var/tmp}/knowledge-hub-rehearsal.XXXXXX")"
readonly work network="hub-$$"
leader="" machine="" net=""

say() { printf '%s %s\n' "$(printf '[%4ds]' $((SECONDS - started)))" "$*"; }
fail() { printf '\n✗ %s\n' "$*" >&2; exit 1; }

stop_machine() {
    [ -z "$machine" ] || { kill -KILL "$machine" "$leader" 2>/dev/null || true; wait "$machine" 2>/dev/null || true; }
    [ -z "$net" ] || { kill "$net" 2>/dev/null || true; wait "$net" 2>/dev/null || true; }
    ip netns delete "$network" 2>/dev/null || true
    machine="" leader="" net=""
}
clean_up() {
    stop_machine
    [ -n "${KEEP:-}" ] || rm -rf --one-file-system "$work"
}
trap clean_up EXIT

check_tools() {
    [ "$(id -u)" -eq 0 ] || fail "Only root can do this."
    local missing=() pair
    for pair in debootstrap:debootstrap systemd-nspawn:systemd-container slirp4netns:slirp4netns curl:curl ip:iproute2; do
        command -v "${pair%:*}" >/dev/null || missing+=("${pair#*:}")
    done
    [ ${#missing[@]} -eq 0 ] || fail "Some programs are missing: apt-get install --yes ${missing[*]}"
}

# -- Bare roots --------------------------------------------------------------------------------------------------------
make_bare_root() {
    say "Bare Debian ($release)"
    debootstrap --variant=minbase --include=systemd-sysv,dbus "$release" "$work/bare" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"} >"$work/debootstrap.log" 2>&1 ||
        fail "debootstrap failed: $(tail -n 3 "$work/debootstrap.log")"
    echo "nameserver 10.0.2.3" >"$work/bare/etc/resolv.conf"
    printf '127.0.0.1 localhost mail.example.go.id\n%s %s\n' "$address" "$domain" >"$work/bare/etc/hosts"
    # What this machine needs to reach registries, the roots need too.
    mkdir -p "$work/bare/etc/rehearsal"
    cp /etc/ssl/certs/ca-certificates.crt "$work/bare/etc/rehearsal/certificates.pem"
    if [ -e /etc/pip.conf ]; then cp /etc/pip.conf "$work/bare/etc/"; fi
}

boot() {
    local root="$work/$1" shared=() folder
    cp -a "$work/bare" "$root"
    mkdir "$root/srv/copy"
    pack | tar --extract --directory="$root/srv/copy"
    for folder in ${REHEARSAL_SHARE:-}; do shared+=("--bind-ro=$folder"); done
    ip netns add "$network"
    slirp4netns --configure --mtu=1400 --disable-host-loopback --netns-type=path "/run/netns/$network" tap0 >"$work/network.log" 2>&1 &
    net=$!
    systemd-nspawn --quiet --register=no --keep-unit --directory="$root" --network-namespace-path="/run/netns/$network" --resolv-conf=off \
        --hostname=hub --boot --console=read-only "${shared[@]}" >"$work/$1-console.log" 2>&1 </dev/null &
    machine=$!
    for _ in $(seq 60); do
        leader="$(cat "/proc/$machine/task/$machine/children" 2>/dev/null | tr -d ' ')"
        if [ -n "$leader" ] && inside systemctl is-system-running 2>/dev/null | grep -qE 'running|degraded'; then break; fi
        sleep 1
    done
    inside systemctl is-active --quiet basic.target || fail "The root does not boot: $work/$1-console.log (KEEP=1 keeps it)"
}

# Runs a command as root in the machine.
inside() {
    nsenter --target "$leader" --mount --uts --ipc --net --pid --root --wdns=/srv/copy -- env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        HOME=/root LANG=C.UTF-8 PIP_CERT=/etc/rehearsal/certificates.pem SSL_CERT_FILE=/etc/rehearsal/certificates.pem "$@"
}

pack() { tar --exclude=./.git --exclude=./.venv --exclude=./.env --exclude=./var --exclude=./node_modules --exclude='./.*_cache' --exclude=__pycache__ --exclude='*.mo' --create --file=- .; }

# The command line of the documentation that begins so.
documented() {
    grep -E "^ {4,}([A-Z_]+=[^ ]+ )*$1" "$docs" | head -n 1 | sed 's/^ *//' | grep . || fail "$docs has no command that begins with: $1"
}

# -- What is rehearsed -------------------------------------------------------------------------------------------------
install_site() {
    local command; command="$(documented "$1")"
    say "$command"
    inside bash -c "$command" >>"$log" 2>&1 || fail "It failed: $(tail -n 15 "$log")"
}

# One that shows what it gets.
start_mail_server() {
    inside systemd-run --quiet --unit=mailbox python3 -u -W ignore -m smtpd -n -c DebuggingServer 127.0.0.1:25
}

verify() {
    local command; command="$(documented "knowledge-hub verify_installation")"
    say "$command"
    inside bash -c "$command" >"$log.verify" 2>&1 || {
        cat "$log.verify"
        fail "$1 is not green."
    }
    say "green: $(grep -c '^✓' "$log.verify") checks"
}

links() { inside journalctl --unit=mailbox --output=cat | grep -oE "https://$domain/[^ '\"<>\\]+" | sort -u || true; }

open_links() {
    local link status count=0
    while read -r link; do
        status="$(ip netns exec "$network" curl --silent --insecure --location --resolve "$domain:443:$address" --output /dev/null --write-out '%{http_code}' "$link")"
        [ "$status" = 200 ] || fail "The link ${link:0:60}… of an old mail answers $status"
        count=$((count + 1))
    done <"$1"
    [ "$count" -ge 2 ] || fail "The mails held only $count links."
    say "$count links of mails open"
}

wait_for_site() {
    for _ in $(seq 60); do
        if ip netns exec "$network" curl --silent --insecure --fail --resolve "$domain:443:$address" --output /dev/null "https://$domain/"; then return; fi
        sleep 1
    done
    fail "The site does not answer."
}

checksums() {
    inside bash -c 'cd / && find etc/knowledge-hub etc/nginx/conf.d etc/systemd/system usr/local/bin/knowledge-hub srv -xdev -type f -not -name "*.pyc" -print0 | sort -z | xargs -0 sha256sum
        find etc/systemd/system srv -type l -printf "%p %l\n" | sort'
}

services() { inside systemctl list-units --plain --no-legend 'knowledge-hub*' nginx.service | awk '{print "         " $1, $3, $4}'; }

rehearse() {
    local shape=$1 began=$SECONDS
    log="$work/$shape.log"
    say "== $shape, first machine"
    boot "$shape-one"
    install_site "deploy/install.sh $shape"
    start_mail_server
    services
    say "Entering the contact of the office, and a guest's request"
    inside knowledge-hub shell <deploy/rehearsal.py >>"$log" 2>&1 || fail "$(tail -n 5 "$log")"
    # To confirm, about the request, the invitation.
    for _ in $(seq 60); do
        if [ "$(inside journalctl --unit=mailbox --output=cat | grep -c "Subject:")" -ge 3 ]; then break; fi
        sleep 1
    done
    links >"$work/links"
    open_links "$work/links"
    verify "The installation"

    say "The same command again changes nothing"
    checksums >"$work/before"
    install_site "deploy/install.sh $shape"
    checksums >"$work/after"
    diff "$work/before" "$work/after" || fail "The second run changed something."
    say "A release that fails is not taken"
    local content="$work/$shape-one/srv/copy/knowledge_hub/content/pages.py"
    cp "$content" "$work/content"
    echo 'raise RuntimeError("A broken release")' >>"$content"
    if inside bash -c "$(documented "deploy/install.sh $shape")" >"$log.broken" 2>&1; then fail "A broken release was taken."; fi
    grep -q "the earlier one runs again" "$log.broken" || fail "The earlier release does not run again: $(tail -n 15 "$log.broken")"
    cp "$work/content" "$content"
    wait_for_site
    open_links "$work/links"

    say "A new release"
    echo "# Another release." >>"$work/$shape-one/srv/copy/knowledge_hub/__init__.py"
    install_site "deploy/install.sh $shape"
    inside grep -q "Another release" /srv/knowledge-hub/knowledge_hub/__init__.py || fail "The new release does not run."

    say "Backup, then everything is deleted"
    inside systemctl start knowledge-hub-backup.service
    local newest passphrase
    newest="$(inside bash -c 'ls -d /var/lib/knowledge-hub/backups/2*-* | tail -n 1')"
    passphrase="$(inside cat /etc/knowledge-hub/backup-passphrase)"
    cp -a "$work/$shape-one$newest" "$work/backup"
    stop_machine
    rm -rf --one-file-system "$work/$shape-one"

    say "== $shape, second machine"
    boot "$shape-two"
    cp -a "$work/backup" "$work/$shape-two/srv/backup"
    chown -R 0:0 "$work/$shape-two/srv/backup"
    install_site "deploy/install.sh $shape .* --restore" <<<"$passphrase"
    start_mail_server
    open_links "$work/links"
    verify "The restored installation"
    stop_machine
    rm -rf --one-file-system "$work/$shape-two" "$work/backup"
    say "== $shape: green in $((SECONDS - began)) s"
}

check_tools
make_bare_root
for shape in ${1:-embedded scale-out}; do rehearse "$shape"; done
