"$@"
cat /comma
locale -a | grep -i de_DE
cat /etc/default/locale
