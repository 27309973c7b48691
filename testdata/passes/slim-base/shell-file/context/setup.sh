wget -O /data.csv https://example.com/data.csv
