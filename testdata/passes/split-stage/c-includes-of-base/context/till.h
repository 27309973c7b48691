#define TILL 1
