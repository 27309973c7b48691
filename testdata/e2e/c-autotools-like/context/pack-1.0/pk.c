#include <zlib.h>
#include <string.h>
unsigned long pk(const char*s){unsigned char b[1000];unsigned long n=sizeof b;compress(b,&n,(const unsigned char*)s,strlen(s));return n;}
