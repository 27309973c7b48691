package greet

func To(name string) string { return "hello " + name }
