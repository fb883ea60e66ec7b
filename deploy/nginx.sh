#!/usr/bin/env bash
# Writes the configuration of nginx to standard output.
#
#   deploy/nginx.sh DOMAIN CERTIFICATE KEY PORT...
set -euo pipefail
readonly domain="${1:?host name of the site}" certificate="${2:?file of its certificate}" key="${3:?file of its key}"
shift 3

servers="$(printf '    server 127.0.0.1:%s;\\n' "${@:?ports of the web servers}")"
sed -e "s|@DOMAIN@|$domain|" -e "s|@CERTIFICATE@|$certificate|" -e "s|@KEY@|$key|" -e "s|^ *server 127.0.0.1:@PORT@;|${servers%\\n}|" "$(dirname "$0")/nginx.conf"
