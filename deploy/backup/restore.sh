#!/usr/bin/env bash
# Makes a data directory of PostgreSQL from a base backup and the archived log, as it was at a moment, and erases again whom the
# lists of erasures name. Meanwhile the server can be reached by this account alone. Without that last step nothing may be served,
# so when it fails the directory is removed; so it is when the archive has a gap.
#
#   restore.sh BASE_BACKUP NEW_DATA_DIRECTORY [MOMENT]     MOMENT like '2026-12-05 12:00:00+06'; without, the newest that there is
#
# Settings: ARCHIVE_DIR; BACKUP_DIR, whose lists in erasures/ are replayed; PGUSER, PGDATABASE; the product's own (MASTER_KEY_FILE
# and so on); REPLAY_ERASURES where the product is not in /opt/skypark; PG_BIN. Run as the account that owns the data, never as root.
set -euo pipefail
umask 077
: "${ARCHIVE_DIR:?where archive-wal.sh put the log}" "${BACKUP_DIR:?where base-backup.sh put its lists}"
base=${1:?a base backup} data=${2:?the new data directory} moment=${3-}
replay=${REPLAY_ERASURES:-node /opt/skypark/dist/main/replay-erasures.js}
pg_bin=${PG_BIN:-/usr/lib/postgresql/15/bin}
user=${PGUSER:-skypark} database=${PGDATABASE:-skypark}

fail() {
  echo "$*" >&2
  exit 1
}
shopt -s nullglob
lists=("$BACKUP_DIR"/erasures/2*.csv)
((${#lists[@]} > 0)) || fail 'there is no list of erasures: nothing may be served without one'
[[ ! -e $data ]] || fail "$data is there already"
# The server looks for both from a directory of its own.
ARCHIVE_DIR=$(cd "$ARCHIVE_DIR" && pwd) here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export ARCHIVE_DIR
"$pg_bin/pg_verifybackup" --quiet "$base"
# The piece of the log that the backup begins in, and the last that there is: that must be reached, whatever is missing before it.
first=$(sed -n 's/^START WAL LOCATION:.*(file \(.*\))$/\1/p' "$base/backup_label")
last=$(find "$ARCHIVE_DIR" -name '*.gz' -printf '%f\n' | sed -n 's/^\([0-9A-F]\{24\}\)\.gz$/\1/p' | sort | tail -n 1)
if [[ -z $moment && $last < $first ]]; then
  fail "the archive ends before this backup begins, in $first: $ARCHIVE_DIR is not its archive, or not all of it"
fi

closed=$(mktemp -d)
stop() { "$pg_bin/pg_ctl" --pgdata "$data" --mode fast --silent stop >/dev/null 2>&1 || true; }
give_up() {
  stop
  rm -rf "$data" "$closed"
}
trap give_up EXIT
cp -a "$base" "$data"
chmod 0700 "$data"
echo 'local all all trust' >"$closed/hba.conf"
cat >"$closed/restore.conf" <<CONF
restore_command = '"$here/fetch-wal.sh" "%f" "%p"'
lc_messages = 'C'
recovery_target_action = 'promote'
hot_standby = off
hba_file = '$closed/hba.conf'
CONF
if [[ -n $moment ]]; then echo "recovery_target_time = '$moment'" >>"$closed/restore.conf"; fi
touch "$data/recovery.signal"
"$pg_bin/pg_ctl" --pgdata "$data" --silent --no-wait --log "$closed/server.log" \
  --options "-c config_file='$closed/restore.conf' -c listen_addresses='' -c unix_socket_directories='$closed' -c port=5432 -c archive_mode=off" start

ask() { "$pg_bin/psql" --no-psqlrc --quiet --tuples-only --no-align --host "$closed" --port 5432 --username "$user" --dbname "$database" --command "$1"; }
until [[ $(ask 'select pg_is_in_recovery()' 2>/dev/null) == f ]]; do
  sleep 0.2
  "$pg_bin/pg_ctl" --pgdata "$data" status >/dev/null || fail "recovery failed: $(tail -n 20 "$closed/server.log")"
done
if [[ -z $moment ]] && ! grep -q "restored log file \"$last\"" "$closed/server.log"; then
  fail "the archive has a gap: it goes on to $last, which was not reached: $(tail -n 20 "$closed/server.log")"
fi
# All of them: a server that was restored before, to an earlier moment, does not list whom it did not know.
sort -u "${lists[@]}" >"$closed/erasures.csv"
env -u DATABASE_URL -u DATABASE_URL_FILE DB_HOST="$closed" DB_PORT=5432 DB_NAME="$database" DB_USER="$user" $replay "$closed/erasures.csv"
position=$(ask 'select position from store.head')
stop
trap - EXIT
rm -rf "$closed"
echo "$data is restored up to position $position; start a server on it, then: npm run cli -- check"
