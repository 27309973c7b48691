package main

// #cgo LDFLAGS: -lcrypto -lpq
// #include <openssl/sha.h>
import "C"

func main() { C.SHA256(nil, 0, nil) }
