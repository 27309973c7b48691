package main

import "os"

func main() {
	config, _ := os.ReadFile("/etc/shop.conf")
	os.Stdout.Write(config)
}
