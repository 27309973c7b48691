#!/bin/bash
set -euo pipefail
echo -e "starting\n"
exec node index.js
