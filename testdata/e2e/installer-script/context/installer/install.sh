#!/bin/sh
set -e
prefix=$2
mkdir -p "$prefix/bin"
printf '#!/bin/sh\necho product in %s\n' "$prefix" > "$prefix/bin/product"
chmod 755 "$prefix/bin/product"
echo "PATH=$prefix/bin:\$PATH" > "$prefix/env.sh"
