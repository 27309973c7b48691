package main

import (
	"net/http"
	"time"
)

func main() {
	l, _ := time.LoadLocation("Europe/Berlin")
	http.Get("https://example.com/" + l.String())
}
