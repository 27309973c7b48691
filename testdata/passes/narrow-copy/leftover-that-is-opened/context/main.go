package main

import "os"

func main() { os.ReadFile("README.md") }
