#include <stdio.h>
#include <pthread.h>

int main(void)
{
    puts("hello");
    pthread_exit(0);
    return 0;
}
