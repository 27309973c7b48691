module example.com/greet

go 1.22

require github.com/gorilla/mux v1.8.1

replace github.com/gorilla/mux => example.com/fork/mux v1.9.0
