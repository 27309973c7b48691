events {}
http { server { listen ${PORT}; root /var/www/site; } }
