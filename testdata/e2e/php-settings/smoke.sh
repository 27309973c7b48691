"$@"
php -r 'echo PHP_SAPI, "\n";'
