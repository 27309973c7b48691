const char *name(void) { return "shout"; }
