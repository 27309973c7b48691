"$@" | cut -c1-10
ls -d /made-in-root /home/a/b/one /home/two
cat /where
