#include <sqlite3.h>
#include <zlib.h>
int main(void) { return sqlite3_libversion_number() < crc32(0, 0, 0); }
