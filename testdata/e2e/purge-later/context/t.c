#include <stdio.h>
int main(void){puts("t");return 0;}
