#!/bin/sh
command -v curl > /dev/null || exit 1
which jq || true
exec python app.py
