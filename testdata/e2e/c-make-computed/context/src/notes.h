int store(const char *file, const char *text);
unsigned long sum(const char *text);
