"$@"
cat /www/copy /www/late
