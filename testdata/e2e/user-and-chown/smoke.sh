"$@"
cat data/who ~/state
stat -c '%n %U:%G %a' /srv/app/* /srv/app/etc/settings /etc/app-installed
