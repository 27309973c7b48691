#include <dlfcn.h>
int main(void) { return !dlopen("plugins/calm.so", RTLD_NOW) || !dlopen("libsqlite3.so.0", RTLD_LAZY); }
