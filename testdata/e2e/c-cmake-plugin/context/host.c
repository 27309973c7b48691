#include <dlfcn.h>
#include <stdio.h>
int main(void){void*h=dlopen("/opt/host/lib/host/moin.so",RTLD_NOW);if(!h){puts(dlerror());return 1;}
const char*(*f)(void)=(const char*(*)(void))dlsym(h,"say");char b[99];FILE*g=fopen("/opt/host/share/host/greet.txt","r");if(!g)return 2;fgets(b,99,g);printf("%s%s\n",b,f());return 0;}
