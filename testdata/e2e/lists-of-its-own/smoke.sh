"$@"
cat /srv/both
less --version | head -n 1
