#include <dlfcn.h>
int main(void) { return !dlopen("plugins/calm.so", RTLD_NOW) || !dlopen("libnobody.so.1", RTLD_LAZY); }
