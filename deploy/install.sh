#!/usr/bin/env bash
# Installs the site on this machine, or brings it to the release that this script lies in. Running it again changes nothing that exists.
#
#   deploy/install.sh embedded DOMAIN     one service: SQLite, search and queue of its own
#   deploy/install.sh scale-out DOMAIN    PostgreSQL, Redis, several web servers and workers as services of their own
#
#   --restore DIRECTORY   on an empty machine: with data and keys of a backup
#   --without-clock       on all machines but one: no clock, no backups
#
# The first run takes settings of .env.example from its environment, for example EMAIL_URL, OPERATOR_EMAIL, DATABASE_URL, CACHE_URL.
# docs/operations.md, "Production".
set -euo pipefail
umask 022
cd "$(dirname "$0")/.."

readonly code=/srv/knowledge-hub releases=/srv/knowledge-hub-releases data=/var/lib/knowledge-hub configuration=/etc/knowledge-hub
readonly settings=$configuration/env passphrase_file=$configuration/backup-passphrase proxy=/etc/nginx/conf.d/knowledge-hub.conf
readonly account=knowledge-hub

say() { printf '%s\n' "• $*"; }
fail() { printf '\n%s\n' "✗ $*" >&2; exit 1; }

# -- What was asked, and whether it is possible ------------------------------------------------------------------------
readonly usage="Say what to install, and for which host name: deploy/install.sh embedded kunjungan.example.go.id (or scale-out)."
shape="" domain="" backup="" clock=yes

read_arguments() {
    local place
    while [ $# -gt 0 ]; do
        case "$1" in
            --restore) place="${2:-}"; backup="$(realpath -e "$place" 2>/dev/null)" || fail "There is no backup in \"$place\"."; shift ;;
            --without-clock) clock=no ;;
            embedded | scale-out) shape=$1 ;;
            -*) fail "The option $1 is not known. $usage" ;;
            *) domain=$1 ;;
        esac
        shift
    done
    [ -n "$shape" ] && [ -n "$domain" ] || fail "$usage"
    [[ "$domain" =~ ^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$ ]] || fail "$domain is no host name. $usage"
    [ -z "$backup" ] || [ -f "$backup/manifest.json" ] || fail "$backup is not a complete backup: it has no manifest.json."
    [ -z "$backup" ] || [ ! -e "$code" ] || fail "There is a site on this machine already. Into it, restore with: systemctl stop knowledge-hub.target; knowledge-hub restore $backup"
}

is_listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

check_machine() {
    [ "$(id -u)" -eq 0 ] || fail "Only root may install the site: sudo deploy/install.sh $shape $domain"
    # shellcheck source=/dev/null
    (. /etc/os-release && [ "${ID:-}" = debian ] && [ "${VERSION_ID:-0}" -ge 12 ]) 2>/dev/null ||
        fail "This script is for Debian 12 or newer. On other systems see By hand in docs/operations.md."
    [ -d /run/systemd/system ] || fail "systemd does not run on this machine; it starts the site. See By hand in docs/operations.md."
    if ! command -v nginx >/dev/null; then
        for port in 80 443; do
            ! is_listening $port || fail "Port $port is taken by another program. Stop it, or have it pass requests to the site (By hand in docs/operations.md)."
        done
    fi
    local was; was="$(setting SHAPE)"
    [ "${was:-$shape}" = "$shape" ] || fail "This site is installed as $was. Move its data to the other shape first, then set SHAPE=$shape in $settings."
    was="$(setting SITE_URL)"
    [ "${was:-https://$domain}" = "https://$domain" ] || fail "This site is installed for $was. Another name: change it in $settings first."
    [ $clock = yes ] || [ -e "$settings" ] || fail "Without a clock, this machine is a further one of a site: copy $configuration from the first machine to here."
    if [ ! -e "$code" ]; then
        for port in $(ports); do
            ! is_listening "$port" || fail "Port $port is taken by another program, and the site needs it. Stop that program, or set another: PORT=9000 deploy/install.sh …"
        done
    fi
}

# A value of the settings that were written, else of the environment, else the default.
setting() { grep -s "^$1=" "$settings" | tail -n 1 | cut -d= -f2- || true; }
value_of() { local written; written="$(setting "$1")"; echo "${written:-${!1:-$2}}"; }

ports() {
    local first; first="$(value_of PORT 8000)"
    if [ "$shape" = embedded ]; then echo "$first"; else seq "$first" $((first + $(value_of WEB_WORKERS "$(nproc)") - 1)); fi
}

# -- Code --------------------------------------------------------------------------------------------------------------
# All of the release and nothing that is made from it, always in the same bytes.
pack() {
    tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u+rwX,go+rX,go-w \
        --exclude=./.git --exclude=./.venv --exclude=./.env --exclude=./var --exclude=./node_modules --exclude='./.*_cache' \
        --exclude='./.hypothesis' --exclude=__pycache__ --exclude='*.mo' --create --file=- .
}

# Unpacks this release beside the one that runs, with its packages; sets $release.
install_code() {
    release="$releases/$(pack | sha256sum | cut -c 1-12)"
    if [ ! -e "$release" ]; then
        rm -rf "$release.new"
        mkdir -p "$release.new"
        pack | tar --extract --directory="$release.new"
        mv "$release.new" "$release"
    fi
    ln -sfn "$settings" "$release/.env"
    local packages=(ca-certificates nginx openssl) purpose=run
    if [ "$shape" = scale-out ]; then
        purpose=services
        packages+=(postgresql-client)
        [ -n "$(value_of DATABASE_URL "")" ] || packages+=(postgresql)
        [ -n "$(value_of CACHE_URL "")" ] || packages+=(redis-server)
    fi
    "$release/requirements/install.sh" "$purpose" "${packages[@]}"
    "$release/.venv/bin/python" -m compileall -q "$release/knowledge_hub" "$release/visits" "$release/home"
}

# -- Account, settings, services of others -----------------------------------------------------------------------------
create_account() {
    if ! getent passwd "$account" >/dev/null; then
        say "Creating the account $account"
        useradd --system --user-group --no-create-home --home-dir "$data" --shell /usr/sbin/nologin "$account"
    fi
    install -d -o "$account" -g "$account" -m 750 "$data"
    install -d -g "$account" -m 750 "$configuration"
}

random() { head -c 48 /dev/urandom | base64 --wrap=0 | tr '+/' '-_'; }
write_setting() { [ -n "$(setting "$1")" ] || printf '%s=%s\n' "$1" "$2" >>"$settings"; }

write_settings() {
    if [ ! -e "$settings" ]; then
        say "Writing settings and keys to $settings"
        install -g "$account" -m 640 /dev/null "$settings"
        echo "# Settings of the site; .env.example says which there are. After a change: systemctl restart knowledge-hub.target" >>"$settings"
    fi
    write_setting SHAPE "$shape"
    write_setting ALLOWED_HOSTS "$domain"
    write_setting SITE_URL "https://$domain"
    write_setting DEFAULT_FROM_EMAIL "${DEFAULT_FROM_EMAIL:-kunjungan@$domain}"
    write_setting VAR_DIR "$data"
    write_setting BACKUP_PASSPHRASE_FILE "$passphrase_file"
    if [ "$shape" = scale-out ]; then
        write_setting WEB_WORKERS "${WEB_WORKERS:-$(nproc)}"
        write_setting BACKGROUND_WORKERS "${BACKGROUND_WORKERS:-2}"
    fi
    local name
    # Keys of a restored site come out of its backup.
    if [ -z "$backup" ] && [ ! -e "$data/keys.env" ]; then
        for name in SECRET_KEY SIGNING_KEY ENCRYPTION_KEY; do write_setting "$name" "${!name:-$(random)}"; done
    fi
    for name in $(sed -n 's/^#\([A-Z_]*\)=.*/\1/p' .env.example | grep -vx HOST); do
        [ -z "${!name:-}" ] || write_setting "$name" "${!name}"
    done
}

write_passphrase() {
    [ ! -e "$passphrase_file" ] || return 0
    local passphrase="${BACKUP_PASSPHRASE:-}"
    if [ -n "$backup" ] && [ -z "$passphrase" ]; then
        read -rsp "Passphrase of the backup: " passphrase && echo
    elif [ -z "$passphrase" ]; then
        passphrase="$(random | cut -c 1-32)"
        new_passphrase=$passphrase
    fi
    install -g "$account" -m 640 /dev/null "$passphrase_file"
    echo "$passphrase" >"$passphrase_file"
}

create_database() {
    [ -z "$(setting DATABASE_URL)" ] || return 0
    say "Creating the database knowledge_hub in PostgreSQL"
    local password; password="$(random)"
    systemctl enable --quiet --now postgresql.service
    # CREATEDB: the rehearsal of a restore makes a database of its own.
    (cd / && runuser -u postgres -- psql --quiet --set=ON_ERROR_STOP=1 >/dev/null) <<SQL || fail "PostgreSQL does not answer: systemctl status 'postgresql*'"
SELECT 'CREATE ROLE knowledge_hub' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'knowledge_hub') \gexec
ALTER ROLE knowledge_hub LOGIN CREATEDB PASSWORD '$password';
SELECT 'CREATE DATABASE knowledge_hub OWNER knowledge_hub TEMPLATE template0 ENCODING ''UTF8'' LC_COLLATE ''C.UTF-8'' LC_CTYPE ''C.UTF-8'''
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'knowledge_hub') \gexec
SQL
    write_setting DATABASE_URL "postgres://knowledge_hub:$password@127.0.0.1:5432/knowledge_hub"
    write_setting SEARCH_URL postgresql:
}

create_cache() {
    [ -z "$(setting CACHE_URL)" ] || return 0
    say "Setting up Redis as the cache"
    local password; password="$(random)"
    # Only cached pages are in it; without a password every account of this machine could write them.
    sed -i '/# The site$/,$d' /etc/redis/redis.conf
    printf '# The site\nrequirepass %s\nmaxmemory 256mb\nmaxmemory-policy allkeys-lru\n' "$password" >>/etc/redis/redis.conf
    systemctl enable --quiet redis-server.service
    systemctl restart redis-server.service
    write_setting CACHE_URL "rediscache://:$password@127.0.0.1:6379/1"
}

# -- The site ----------------------------------------------------------------------------------------------------------
# Runs a command of a release as the account of the site.
manage() {
    local of=$1; shift
    (cd "$of" && HOME=$data DJANGO_SETTINGS_MODULE=knowledge_hub.settings.production runuser -u "$account" -- .venv/bin/python manage.py "$@")
}

activate() {
    # Renamed, because a link can't be replaced in one step.
    ln -sfn "$1" "$code.new"
    mv -T "$code.new" "$code"
}

prepare_site() {
    if [ $clock = no ]; then
        # Database and content are those of the first machine.
        manage "$release" collectstatic --noinput --verbosity 0
    elif [ -n "$backup" ]; then
        install -d -o "$account" -g "$account" -m 700 "$data/backups"
        # With those beside it: they say who was erased since, and are still kept for their time.
        local found=("$backup") other
        for other in "$(dirname "$backup")"/[0-9]*-[0-9]*; do
            if [ "$other" != "$backup" ] && [ -f "$other/manifest.json" ]; then found+=("$other"); fi
        done
        cp -a "${found[@]}" "$data/backups/"
        chown -R "$account:$account" "$data/backups"
        say "Restoring $(basename "$backup")"
        manage "$release" restore "$data/backups/$(basename "$backup")" --yes || {
            rm -f "$passphrase_file"
            fail "The backup was not restored. Correct the reason above and run the same command again."
        }
    else
        say "Preparing database, content and index"
        manage "$release" prepare
    fi
    activate "$release"
}

upgrade_site() {
    local before command=(upgrade); before="$(readlink "$code")"
    [ $clock = yes ] || command=(collectstatic --noinput --verbosity 0)
    say "Stopping the site for the new release"
    systemctl stop knowledge-hub.target
    if ! manage "$release" "${command[@]}"; then
        [ $clock = no ] || manage "$before" rebuild_modelsearch_index >/dev/null || true
        manage "$before" collectstatic --noinput --verbosity 0 || true
        systemctl start knowledge-hub.target
        fail "The new release was not taken; the earlier one runs again. The reason stands above."
    fi
    activate "$release"
    # The earlier release stays, to go back to.
    find "$releases" -mindepth 1 -maxdepth 1 ! -path "$release" ! -path "$before" -exec rm -rf {} +
}

# -- Services ----------------------------------------------------------------------------------------------------------
# Copies a file unless it is there already; says in $changed that it was not.
put() {
    if cmp -s "$1" "$2"; then return; fi
    install -D -m "${3:-644}" "$1" "$2"
    changed=yes
}

install_units() {
    local file changed=no wanted=() unit port number
    while read -r file; do put "$release/deploy/systemd/$file" "/etc/systemd/system/$file"; done < <(cd "$release/deploy/systemd" && find . -type f)
    put "$release/deploy/knowledge-hub" /usr/local/bin/knowledge-hub 755
    [ $changed = no ] || systemctl daemon-reload
    if [ "$shape" = embedded ]; then
        wanted=(knowledge-hub-site.service)
    else
        for port in $(ports); do wanted+=("knowledge-hub-web@$port.service"); done
        for number in $(seq "$(value_of BACKGROUND_WORKERS 2)"); do wanted+=("knowledge-hub-worker@$number.service"); done
        [ $clock = no ] || wanted+=(knowledge-hub-clock.service)
    fi
    # Those of the other shape, or of more processes than now.
    for unit in $(systemctl list-units --all --plain --no-legend 'knowledge-hub-site.service' 'knowledge-hub-web@*' 'knowledge-hub-worker@*' 'knowledge-hub-clock.service' | cut -d' ' -f1); do
        [[ " ${wanted[*]} " == *" $unit "* ]] || systemctl disable --quiet --now "$unit"
    done
    systemctl enable --quiet knowledge-hub.target "${wanted[@]}"
    systemctl start knowledge-hub.target
    [ $clock = no ] || systemctl enable --quiet --now knowledge-hub-backup.timer knowledge-hub-rehearsal.timer
}

certificate() {
    local given=/etc/letsencrypt/live/$domain own=$configuration/tls
    if [ -e "$given/fullchain.pem" ]; then echo "$given"; return; fi
    install -d -g "$account" -m 750 "$own"
    if [ ! -e "$own/fullchain.pem" ]; then
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 397 -subj "/CN=$domain" -addext "subjectAltName=DNS:$domain" \
            -keyout "$own/privkey.pem" -out "$own/fullchain.pem" 2>/dev/null
    fi
    echo "$own"
}

install_proxy() {
    local changed=no folder new; folder="$(certificate)" new="$(mktemp)"
    install -d /var/www/knowledge-hub
    # shellcheck disable=SC2046  # each port is an argument
    "$release/deploy/nginx.sh" "$domain" "$folder/fullchain.pem" "$folder/privkey.pem" $(ports) >"$new"
    put "$new" "$proxy"
    rm -f "$new"
    systemctl enable --quiet nginx.service
    if [ $changed = yes ]; then
        nginx -t -q || fail "nginx refuses its configuration; what it says stands above. Correct it and run the same command again."
        systemctl reload-or-restart nginx.service
    fi
    systemctl start nginx.service
}

wait_for_site() {
    local port
    for port in $(ports); do
        for _ in $(seq 120); do
            if is_listening "$port"; then continue 2; fi
            sleep 1
        done
        fail "The site does not start. Its log says why: journalctl -u 'knowledge-hub*' -n 50"
    done
}

first_backup() {
    local job
    say "First backup, and a restore of it beside the site"
    for job in backup rehearsal; do
        systemctl start "knowledge-hub-$job.service" || fail "The $job failed. Its log says why: journalctl -u knowledge-hub-$job -n 50"
    done
}

read_arguments "$@"
check_machine
new_passphrase="" release=""
say "Installing the site $domain ($shape)"
install_code
create_account
write_settings
write_passphrase
if [ "$shape" = scale-out ]; then
    create_database
    create_cache
fi
if [ ! -e "$code" ]; then
    prepare_site
elif [ "$(readlink "$code")" != "$release" ]; then
    upgrade_site
fi
install_units
install_proxy
wait_for_site
if [ $clock = yes ] && [ ! -e "$data/backups/.rehearsed" ]; then first_backup; fi

say "https://$domain/ is served."
[ -z "$new_passphrase" ] || printf '\n  Passphrase of the backups: %s\n  Write it down outside this machine: without it, a backup is of no use.\n\n' "$new_passphrase"
[ -n "$(setting EMAIL_URL)" ] || say "Mail goes to a mail server on this machine. For another: EMAIL_URL in $settings, then systemctl restart knowledge-hub.target"
[ -e "/etc/letsencrypt/live/$domain" ] || say "The certificate is in $configuration/tls, signed by this machine itself. docs/operations.md says how to get a real one."
say "Prove it: knowledge-hub verify_installation"
