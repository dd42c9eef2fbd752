#!/usr/bin/env bash
# The list of erased subjects, beside the backups and never older than a few minutes: run it every five from a timer, and copy the
# folder off the machine. Settings as for base-backup.sh.
set -euo pipefail
umask 077
: "${BACKUP_DIR:?where backups go}"
mkdir -p "$BACKUP_DIR/erasures"
file=$BACKUP_DIR/erasures/$(date -u +%Y%m%dT%H%M%SZ).csv
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 \
  --command "\\copy (select subject_id from store.subject_key where destroyed_at is not null order by 1) to '$file.part' csv"
# Under its name it is whole, whatever becomes of the power.
sync "$file.part"
mv "$file.part" "$file"
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --command "insert into store.backup (kind, made_at) values ('erasures', clock_timestamp())
  on conflict (kind) do update set made_at = excluded.made_at"
# Each list holds all of the one before.
find "$BACKUP_DIR/erasures" -name '2*' ! -name "$(basename "$file")" -mtime +30 -delete
