#include "notes.h"
#include <sqlite3.h>
int store(const char *file, const char *text) {
	sqlite3 *db; sqlite3_stmt *st; int n = -1;
	if (sqlite3_open(file, &db)) return -1;
	sqlite3_exec(db, "create table if not exists n (t)", 0, 0, 0);
	sqlite3_prepare_v2(db, "insert into n values (?)", -1, &st, 0);
	sqlite3_bind_text(st, 1, text, -1, 0);
	sqlite3_step(st);
	sqlite3_finalize(st);
	if (!sqlite3_prepare_v2(db, "select count(*) from n", -1, &st, 0) && sqlite3_step(st) == SQLITE_ROW) n = sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return n;
}
