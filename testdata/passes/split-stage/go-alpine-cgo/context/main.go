package main

// int twice(int n) { return 2 * n; }
import "C"

import "net/http"

func main() {
	println(C.twice(21))
	http.ListenAndServe(":9000", nil)
}
