package main

import "os/exec"

func main() {
	exec.Command("gofmt", "-l", ".").Run()
}
