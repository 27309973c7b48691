"$@"
/opt/tools/hello
readlink /opt/tools /usr/local/bin/greet
stat -c '%a %u:%g %n' /srv/tools /srv/tools/*
