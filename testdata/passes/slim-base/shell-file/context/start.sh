exec python /app.py
