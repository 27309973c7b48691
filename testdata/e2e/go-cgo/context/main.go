package main
/*
#cgo LDFLAGS: -lm
#include <math.h>
*/
import "C"
import ("fmt";"os/user")
func main(){ u,_:=user.Current(); fmt.Printf("%.2f %s\n",float64(C.sqrt(2)),u.Username) }
