#!/usr/bin/env bash
# For where there are no timers: a list of erasures every five minutes and a base backup a day, for ever. What failed is told and
# done again five minutes later. Settings as for base-backup.sh.
set -uo pipefail
: "${BACKUP_DIR:?where backups go}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
while true; do
  "$here/export-erasures.sh" || echo 'there is no new list of erasures' >&2
  if [[ -z $(find "$BACKUP_DIR/base" -mindepth 1 -maxdepth 1 -name '2*' -mmin -1435 2>/dev/null) ]]; then
    "$here/base-backup.sh" || echo 'there is no new base backup' >&2
  fi
  sleep 300
done
