#include <stdio.h>
#include <string>

int main(void)
{
    puts(std::string("hello").c_str());
    return 0;
}
