package main
import ("fmt";"net/http";"os";"os/user")
func main(){
 http.HandleFunc("/",func(w http.ResponseWriter,r *http.Request){
  u,_:=user.Current(); b,_:=os.ReadFile("schema.sql"); d,_:=os.Getwd()
  if os.WriteFile(os.Getenv("DATA_DIR")+"/x",b,0600)!=nil {http.Error(w,"write",500);return}
  fmt.Fprint(w,u.Username," ",len(b)," ",d)})
 panic(http.ListenAndServe(":9000",nil))
}
