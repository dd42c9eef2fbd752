#!/usr/bin/env bash
# A verified base backup, the subject keys and the erasure list, each in a folder of its own below BACKUP_DIR:
#   base/<time>/   pg_basebackup, checked by pg_verifybackup
#   keys/<time>.csv       the wrapped subject keys; useless without the master key, which is in none of these folders
#   erasures/<time>.csv   whose keys were destroyed; ids only, kept for ever: every restore replays the newest
# Base backups, the log that belongs to them, and keys are removed after KEEP_DAYS, which may not be more than 30: after that
# nothing of an erased guest can be read from any backup.
#
# Settings: PGHOST, PGPORT, PGUSER, PGDATABASE, PGPASSFILE as for every PostgreSQL tool; BACKUP_DIR, ARCHIVE_DIR, KEEP_DAYS (14).
set -euo pipefail
umask 077
: "${BACKUP_DIR:?where backups go}" "${ARCHIVE_DIR:?where archive-wal.sh puts the log}"
keep_days=${KEEP_DAYS:-14}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if ((keep_days < 1 || keep_days > 30)); then
  echo 'KEEP_DAYS must be from 1 to 30: keys of erased guests may not live longer in backups' >&2
  exit 2
fi
stamp=$(date -u +%Y%m%dT%H%M%SZ)
mkdir -p "$BACKUP_DIR"/{base,keys,erasures} "$ARCHIVE_DIR"

draft=$BACKUP_DIR/base/.$stamp.part keys=$BACKUP_DIR/keys/$stamp.csv
trap 'rm -rf "$draft" "$keys.part"' EXIT
pg_basebackup --pgdata "$draft" --checkpoint fast --wal-method stream --manifest-checksums SHA256 --no-password
pg_verifybackup --quiet "$draft"
mv "$draft" "$BACKUP_DIR/base/$stamp"
"$here/export-erasures.sh"
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 \
  --command "\\copy (select subject_id, wrapped from store.subject_key where wrapped is not null) to '$keys.part' csv"
sync "$keys.part"
mv "$keys.part" "$keys"

# What is too old goes, but never the newest; drafts of a backup that was killed go as well, for the keys are in them.
for folder in base keys; do
  find "$BACKUP_DIR/$folder" -mindepth 1 -maxdepth 1 \( -name '2*' -o -name '.2*.part' \) -mtime "+$((keep_days - 1))" \
    ! -name "$stamp*" -exec rm -rf {} +
done
find "$ARCHIVE_DIR" -type f -mtime "+$((keep_days - 1))" -delete
# An alarm sounds when this is not told for a day.
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --command "insert into store.backup (kind, made_at) values ('base', clock_timestamp())
  on conflict (kind) do update set made_at = excluded.made_at"
echo "$stamp"
