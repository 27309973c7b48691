"$@"
ls /opt/plugins
