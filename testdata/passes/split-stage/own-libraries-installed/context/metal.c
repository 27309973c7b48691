int metal(void) { return 1; }
