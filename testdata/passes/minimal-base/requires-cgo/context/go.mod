module example.com/greet

go 1.22

require (
	github.com/gorilla/mux v1.8.1
	github.com/mattn/go-sqlite3 v1.14.22 // indirect
)
