package main

import (
	"fmt"
	"net/http"
)

func main() {
	r, err := http.Get("https://example.com/")
	fmt.Println(r, err)
}
