"$@" &
sleep 1
wget -q -O - http://127.0.0.1:8080/
wget -q -O - http://127.0.0.1:8080/health
wget -q -O - http://127.0.0.1:8080/cgi-bin/now
kill $!
