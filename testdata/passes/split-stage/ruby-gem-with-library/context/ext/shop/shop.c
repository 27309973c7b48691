#include <ruby.h>

void Init_shop(void)
{
}
