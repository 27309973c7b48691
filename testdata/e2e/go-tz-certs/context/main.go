package main
import ("crypto/x509";"fmt";"os";"time")
func main(){
 l,err:=time.LoadLocation(os.Args[1]); if err!=nil {fmt.Println(err);os.Exit(1)}
 z,_:=time.Date(2024,1,1,0,0,0,0,time.UTC).In(l).Zone()
 p,err:=x509.SystemCertPool(); r:="none"
 if err==nil && len(p.Subjects())>10 {r="roots"}
 fmt.Println(z,r)
}
