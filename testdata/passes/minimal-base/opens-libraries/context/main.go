package main

import "plugin"

func main() { _, _ = plugin.Open("greet.so") }
