package main

// int answer(void);
import "C"
import "fmt"

func main() {
	fmt.Println(C.answer())
}
