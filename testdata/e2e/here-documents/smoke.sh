"$@"
stat -c '%a %n' /srv/conf/*
