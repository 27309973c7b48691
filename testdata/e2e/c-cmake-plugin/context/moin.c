const char*say(void){return "moin";}
