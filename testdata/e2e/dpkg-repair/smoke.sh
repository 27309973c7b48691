"$@"
apt-mark showhold
apt-mark showauto jq
