#include <sqlite3.h>
#include <stdio.h>
static int cb(void*p,int n,char**v,char**c){puts(v[0]);return 0;}
int main(void){sqlite3*d;sqlite3_open(":memory:",&d);return sqlite3_exec(d,"select 1+2",cb,0,0);}
