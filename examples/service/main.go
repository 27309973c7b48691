// A service that answers what its routes say.
package main

import (
	"encoding/json"
	"flag"
	"log"
	"net/http"
	"os"
)

func main() {
	file := flag.String("routes", "routes.json", "paths and their answers")
	flag.Parse()
	bytes, err := os.ReadFile(*file)
	if err != nil {
		log.Fatal(err)
	}
	routes := map[string]string{}
	if err := json.Unmarshal(bytes, &routes); err != nil {
		log.Fatal(err)
	}
	for path, answer := range routes {
		http.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Write([]byte(answer))
		})
	}
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}
