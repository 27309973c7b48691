"$@" | sed 's/ .*//'
printf text | xz | xz -d
echo
cat /opt/tool/README
dpkg -s tree | grep Status
