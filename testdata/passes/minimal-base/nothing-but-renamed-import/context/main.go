package main

import (
	"fmt"
	web "net/http"
)

func main() {
	web.HandleFunc("/", func(w web.ResponseWriter, r *web.Request) { fmt.Fprint(w, "hello") })
	web.ListenAndServe(":8000", nil)
}
