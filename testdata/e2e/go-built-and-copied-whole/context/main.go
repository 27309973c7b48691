package main

import (
	"os"
	"strings"
	"text/template"

	"example.com/hello/internal/greet"
)

func main() {
	names, err := os.ReadFile("names.txt")
	if err != nil {
		panic(err)
	}
	page := template.Must(template.ParseFiles("templates/page.txt"))
	for _, name := range strings.Fields(string(names)) {
		if err := page.Execute(os.Stdout, greet.To(name)); err != nil {
			panic(err)
		}
	}
}
