"$@"
python -c 'import greet; print(greet.__file__)'
test -d /app/__pycache__
