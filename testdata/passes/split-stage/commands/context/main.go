package main

import "os/exec"

func main() { exec.Command("gcc", "-v").Run() }
