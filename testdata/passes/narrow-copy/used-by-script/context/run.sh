#!/bin/sh
cat /app/README.md
exec /app/server
