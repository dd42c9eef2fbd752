#!/bin/sh
# restore_command of PostgreSQL: fetch-wal.sh %f %p. Brings a piece of the log out of ARCHIVE_DIR. Exit code 1: there is no such
# piece, by which PostgreSQL knows the end of the log. 200: it cannot be told or read, which must end the recovery, not the log.
set -u
ls "${ARCHIVE_DIR-}" >/dev/null || exit 200
file=$ARCHIVE_DIR/$1
[ -e "$file.gz" ] || exit 1
gzip -dc "$file.gz" >"$2" || exit 200
