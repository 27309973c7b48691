<?php echo "php ".PHP_MAJOR_VERSION." ".posix_getpwuid(fileowner(__FILE__))["name"];
