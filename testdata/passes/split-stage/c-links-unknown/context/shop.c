#include <stdio.h>
int main(void) { return puts("shop") < 0; }
