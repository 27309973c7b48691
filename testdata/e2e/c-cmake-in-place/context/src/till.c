#include <curl/curl.h>
#include <sqlite3.h>
#include <stdio.h>

int main(void)
{
    char price[64] = "";
    FILE *prices = fopen("prices.txt", "r");
    sqlite3 *db;
    if (!prices || sqlite3_open(":memory:", &db) != SQLITE_OK || !fgets(price, sizeof price, prices))
        return 1;
    printf("sqlite %d curl %d %s", sqlite3_libversion_number() > 3000000, curl_version() != NULL, price);
    return 0;
}
