#!/bin/sh
# archive_command of PostgreSQL: archive-wal.sh %p %f. Puts a finished piece of the log, compressed, into ARCHIVE_DIR (default
# /archive/wal) for good before it answers; a piece that is there already with the same content is fine, with another content it is
# an error. With archive_timeout most pieces are all but empty: 16 MB become some 20 kB.
set -eu
umask 077
from=$1
folder=${ARCHIVE_DIR:-/archive/wal}
to=$folder/$2.gz
mkdir -p "$folder"
if [ -e "$to" ]; then
  gzip -dc "$to" | cmp -s "$from" -
else
  # What a full disk cut short would eat the room that is made for the next try.
  trap 'rm -f "$to.part"' EXIT
  gzip -c "$from" >"$to.part"
  sync "$to.part"
  mv "$to.part" "$to"
fi
sync "$folder"
