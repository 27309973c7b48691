#include <dlfcn.h>
int main(int c, char **v) { return !dlopen(v[1], RTLD_NOW); }
