module example.com/greet

go 1.16

require github.com/gorilla/mux v1.8.1
