package main

var Name = "a"
