package main
import "fmt"
func main(){fmt.Println(`{"v":1}`)}
