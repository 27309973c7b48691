cat /etc/motd
printf 'run:\n\t@echo running\n' > Makefile
"$@"
ls /var/lib/apt/lists | grep -c _Packages
