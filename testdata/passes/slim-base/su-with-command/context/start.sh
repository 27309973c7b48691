#!/bin/bash
set -e
chown -R app /app/data
exec su app -s /bin/bash -c 'exec "$@"' -- app "$@"
