package main

var Name = "b"
