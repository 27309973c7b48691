package main

import (
	"net/http"
	"time"
)

func main() {
	zone, _ := time.LoadLocation("Europe/Rome")
	println(time.Now().In(zone).String())
	http.Get("https://example.com/")
	http.ListenAndServe(":9000", nil)
}
