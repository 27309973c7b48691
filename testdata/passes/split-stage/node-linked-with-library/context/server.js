require('pg').native;
