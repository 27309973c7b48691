#include "notes.h"
#include <string.h>
#include <zlib.h>
unsigned long sum(const char *t) { return crc32(0, (const unsigned char *)t, strlen(t)); }
