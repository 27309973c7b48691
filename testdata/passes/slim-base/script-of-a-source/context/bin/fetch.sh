wget -q https://example.com/x.zip
