const char *name(void) { return "calm"; }
