#!/usr/bin/env bash
# A system test with a real Tryton: two trytond, each on its own database, kept in step by Doctorbird.
#
#   systemtests/tryton.sh [--keep]
#
# Builds everything it needs in a temporary directory, on free loopback ports, and ends it again: a private PostgreSQL
# cluster, the databases `central` and `clinic` with Tryton's party module, a trytond for each. Then tryton.py, beside
# this file, works in both by XML-RPC, runs the `doctorbird` of this checkout between them and compares.
# An existing cluster (port 5432) or trytond is never touched.
#
#   --keep      leave the temporary directory (logs, configuration, the stopped cluster) for looking at
#   DOCTORBIRD  the program under test; default: `doctorbird` at the top of this checkout
#
# Exit code: 0 all expectations hold; 1 some do not, or the set-up failed; 77 Debian's packages are missing and this
# user cannot install them (one line says which; with CI=true the caller makes that a failure).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
keep=no
case "${1-}" in
    '') ;;
    --keep) keep=yes ;;
    *) echo "usage: systemtests/tryton.sh [--keep]" >&2; exit 2 ;;
esac

# ---- 1. prerequisites ------------------------------------------------------------------------------------------------

# dbconfig-no-thanks keeps tryton-server-postgresql from looking for a database of its own.
packages='tryton-server tryton-server-postgresql tryton-modules-party dbconfig-no-thanks postgresql'

newest_postgresql() { # prints the directory with the newest installed server programs, or nothing
    local found
    found=$(ls -d /usr/lib/postgresql/*/bin/postgres 2>/dev/null | sort -t/ -k5 -n | tail -n 1) || true
    [ -z "$found" ] || dirname "$found"
}

all_there() {
    [ -x /usr/bin/trytond ] && [ -x /usr/bin/trytond-admin ] && [ -n "$(newest_postgresql)" ] \
        && [ -d /usr/lib/python3/dist-packages/trytond/modules/party ] \
        && /usr/bin/python3 -c 'import psycopg2' 2>/dev/null
}

cannot_run() { # reason
    echo "tryton: not run ($1); as root: apt-get install --no-install-recommends $packages"
    exit 77
}

install_packages() { # quietly, and without starting the services that the packages bring
    local policy=/usr/sbin/policy-rc.d made=no status=0 log
    log=$(mktemp)
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' > "$policy" && chmod 755 "$policy" && made=yes
    fi
    local apt='apt-get -o DPkg::Lock::Timeout=300 -q -y'
    # shellcheck disable=SC2086
    {
        export DEBIAN_FRONTEND=noninteractive
        $apt install --no-install-recommends $packages ||
            { $apt update && $apt install --no-install-recommends $packages; }
    } > "$log" 2>&1 || status=$?
    [ "$made" = no ] || rm -f "$policy"
    [ "$status" = 0 ] || tail -n 5 "$log" >&2
    rm -f "$log"
    return "$status"
}

if ! all_there; then
    [ "$(id -u)" = 0 ] || cannot_run "Debian's Tryton or PostgreSQL is missing and this user is not root"
    command -v apt-get > /dev/null || cannot_run "Debian's Tryton or PostgreSQL is missing and there is no apt-get"
    install_packages || cannot_run "apt-get could not install Debian's Tryton and PostgreSQL"
    all_there || cannot_run "Debian's Tryton or PostgreSQL is still missing after apt-get"
fi
pgbin=$(newest_postgresql)

# PostgreSQL refuses to run as root; trytond has no reason to.
as_user=(env)
owner=$(id -un)
if [ "$(id -u)" = 0 ]; then
    owner=postgres
    as_user=(setpriv "--reuid=$owner" "--regid=$owner" --init-groups --)
fi

# ---- the temporary directory, and the end of everything that is started here -----------------------------------------

dir=$(mktemp -d /tmp/doctorbird-tryton.XXXXXX)
chmod 755 "$dir"
mkdir "$dir/run"
chown "$owner" "$dir/run"
pids=() # of our own children, in the order they were started

cleanup() {
    local status=$? i pid
    trap - EXIT INT TERM HUP
    for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
        pid=${pids[i]}
        # INT is PostgreSQL's fast shutdown; the others, started in the background, ignore it.
        kill "$([ "$i" = 0 ] && echo -INT || echo -TERM)" "$pid" 2>/dev/null || continue
        for _ in $(seq 100); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
        kill -KILL "$pid" 2>/dev/null || true
    done
    if [ "$keep" = yes ]; then echo "tryton: kept $dir"; else rm -rf "$dir"; fi
    exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

give_up() { # sentence, log file
    echo "tryton: $1" >&2
    [ ! -f "${2-}" ] || tail -n 20 "$2" >&2
    exit 1
}

free_ports() { # prints four free loopback ports
    /usr/bin/python3 -c '
import socket
taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(4)]
print(*(s.getsockname()[1] for s in taken))'
}
read -r pgport port_central port_clinic port_engine <<< "$(free_ports)"

# ---- 2. a private PostgreSQL -----------------------------------------------------------------------------------------

umask 077
secret() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }
unset "${!PG@}" # a developer's PGHOST or PGDATABASE must not lead anywhere else

(cd / && exec "${as_user[@]}" "$pgbin/initdb" -D "$dir/run/pg" -U postgres -E UTF8 --locale=C.UTF-8 \
    --auth-local=peer --auth-host=scram-sha-256) > "$dir/initdb.log" 2>&1 || give_up "initdb failed" "$dir/initdb.log"
# Only the owner of the cluster's files is superuser, and only by the socket; the roles come by TCP with a password.
printf 'local all postgres peer map=owner\nhost all all 127.0.0.1/32 scram-sha-256\n' > "$dir/run/pg/pg_hba.conf"
echo "owner $owner postgres" > "$dir/run/pg/pg_ident.conf"

(cd / && exec "${as_user[@]}" "$pgbin/postgres" -D "$dir/run/pg" -p "$pgport" -k "$dir/run" \
    -c listen_addresses=127.0.0.1) > "$dir/postgres.log" 2>&1 &
pids+=($!)
superuser() {
    (cd / && exec "${as_user[@]}" "$pgbin/psql" -h "$dir/run" -p "$pgport" -U postgres -qAtX -v ON_ERROR_STOP=1 "$@")
}
for _ in $(seq 300); do
    ! superuser -d postgres -c 'select 1' > /dev/null 2>&1 || break
    kill -0 "${pids[0]}" 2>/dev/null || give_up "PostgreSQL did not start" "$dir/postgres.log"
    sleep 0.1
done

# Each database has two roles. Tryton's own role owns the database and all tables and knows nothing of the engine.
# The engine's role owns nothing of Tryton's. Its least rights: a schema of its own (CREATE on the database), reading
# and writing the tables, TRIGGER to put triggers on them, and drawing ids from the sequences. The triggers go with
# the functions in the engine's schema (DROP SCHEMA doctorbird CASCADE), so not even uninstalling needs the tables'
# owner. Granted as default privileges before Tryton makes its tables, so that tables of later modules have them too.
for site in central clinic; do
    tryton_password=$(secret)
    engine_password=$(secret)
    superuser -d postgres <<SQL
create role tryton_$site login password '$tryton_password';
create role doctorbird_$site login password '$engine_password';
create database $site owner tryton_$site;
revoke connect, temporary on database $site from public;
grant connect, create, temporary on database $site to doctorbird_$site;
\\connect $site
grant usage on schema public to doctorbird_$site;
alter default privileges for role tryton_$site in schema public
    grant select, insert, update, delete, trigger on tables to doctorbird_$site;
alter default privileges for role tryton_$site in schema public
    grant usage, select on sequences to doctorbird_$site;
SQL
    port_name=port_$site
    cat > "$dir/run/$site.conf" <<CONF
[web]
listen = 127.0.0.1:${!port_name}
[database]
uri = postgresql://tryton_$site:$tryton_password@127.0.0.1:$pgport
path = $dir/run/$site.files
list = False
[cache]
# Caches are told of changes by NOTIFY instead of looking every five minutes: of Tryton's tables that are synchronised,
# only the names of categories (a translatable field, also in ir_translation) are ever read from a cache.
clean_timeout = 0
CONF
    printf '%s' "$engine_password" > "$dir/$site.engine-password"
    chown "$owner" "$dir/run/$site.conf"
done

# ---- 3. two Tryton databases -----------------------------------------------------------------------------------------

# Both are initialised, at the same time: as two sites would do it, and not much slower than one on two cores. (A clone
# by CREATE DATABASE ... TEMPLATE would need every object given to the other role.)
secret > "$dir/run/admin-password"
chown "$owner" "$dir/run/admin-password"
began=$SECONDS
admin=()
for site in central clinic; do
    (cd / && TRYTONPASSFILE="$dir/run/admin-password" exec "${as_user[@]}" /usr/bin/trytond-admin \
        -c "$dir/run/$site.conf" -d "$site" -u party --activate-dependencies -l en --email admin@example.org) \
        > "$dir/$site.init.log" 2>&1 &
    admin+=($!)
done
wait "${admin[0]}" || give_up "trytond-admin failed on central" "$dir/central.init.log"
wait "${admin[1]}" || give_up "trytond-admin failed on the clinic" "$dir/clinic.init.log"
echo "tryton: two databases initialised in $((SECONDS - began)) s"

# ---- 4. two trytond --------------------------------------------------------------------------------------------------

for site in central clinic; do
    (cd / && exec "${as_user[@]}" /usr/bin/trytond -c "$dir/run/$site.conf" -d "$site") \
        > "$dir/$site.trytond.log" 2>&1 &
    pids+=($!)
done

# ---- 5. to 7. work, synchronise, compare -----------------------------------------------------------------------------

status=0
DOCTORBIRD=${DOCTORBIRD:-$here/../doctorbird} \
    TRYTON_DIR=$dir \
    TRYTON_PSQL="${as_user[*]} $pgbin/psql -h $dir/run -p $pgport -U postgres" \
    TRYTON_ADMIN="${as_user[*]} /usr/bin/trytond-admin -c $dir/run/clinic.conf -d clinic" \
    TRYTON_PORTS="$pgport $port_central $port_clinic $port_engine" \
    /usr/bin/python3 -B "$here/tryton.py" &
pids+=($!)
wait $! || status=$?
if [ "$status" != 0 ]; then
    for log in "$dir"/*.trytond.log "$dir"/doctorbird*.log; do
        [ -s "$log" ] || continue
        echo "---- last lines of ${log##*/}"
        grep -v -e ' INFO werkzeug ' -e ' \* Running on ' "$log" | tail -n 15 || true
    done >&2
fi
exit "$status"
