"$@"
./report.pl /dev/null
grep DEBUG report.pl
