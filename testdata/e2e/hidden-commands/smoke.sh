"$@"
stat -c '%a %n' /srv/kept /srv/private
