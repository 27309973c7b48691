#!/bin/sh
set -e
echo "starting as $1"
if [ "$MIGRATE" = 1 ]; then
    python /app/app.py migrate
fi
exec "$@"
