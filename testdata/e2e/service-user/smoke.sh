"$@"
stat -c '%A %U:%G %n' /var/spool/job /var/spool/job/* /etc/job /etc/job/owner /entrypoint.sh
id job
grep -c '^root:!' /etc/shadow
