#!/bin/bash
set -euo pipefail
v=$(app | jq .v)
echo "app-$v"
