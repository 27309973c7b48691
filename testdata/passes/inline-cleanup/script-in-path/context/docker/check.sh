test -e /run/app.pid
