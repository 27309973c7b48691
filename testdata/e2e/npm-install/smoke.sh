"$@"
node -e "console.log(require('pad')('x', 3))"
ls -A node_modules | grep -v '^\.'
