#include <stdio.h>
int main(void) { return puts("bell") < 0; }
