#include <stdio.h>
#  include <libxml/parser.h>
#include "till.h"
int main(void) { return puts("shop") < 0; }
