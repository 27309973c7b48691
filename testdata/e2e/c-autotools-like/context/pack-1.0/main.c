#include <stdio.h>
#include <string.h>
unsigned long pk(const char*);
int main(int c,char**v){printf("%zu -> %lu\n",strlen(v[1]),pk(v[1]));return c<2;}
