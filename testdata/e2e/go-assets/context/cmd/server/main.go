package main
import ("encoding/json";"flag";"html/template";"net/http";"os")
func main(){
 cf:=flag.String("config","","");flag.Parse()
 b,err:=os.ReadFile(*cf); if err!=nil {panic(err)}
 var c struct{Name string}; json.Unmarshal(b,&c)
 t:=template.Must(template.ParseFiles("templates/index.html"))
 http.HandleFunc("/",func(w http.ResponseWriter,r *http.Request){t.Execute(w,c.Name+" ("+os.Getenv("APP_ENV")+")")})
 http.Handle("/static/",http.StripPrefix("/static/",http.FileServer(http.Dir("static"))))
 panic(http.ListenAndServe(":8080",nil))
}
