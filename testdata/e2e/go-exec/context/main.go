package main
import ("fmt";"os/exec";"strings")
func main(){
 o,_:=exec.Command("git","--version").Output(); f:=strings.Fields(string(o)); fmt.Println(f[0],f[1])
 o,_=exec.Command("sh","-c","curl --version | head -n1").Output(); fmt.Println(strings.Fields(string(o))[0])
}
