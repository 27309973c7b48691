. /.smoke/functions
up 8000 "$@"
curl --fail -s http://localhost:8000/ok.txt
pgrep -c python
touch /app/x
stat -c %U /app/main.py /app/x
