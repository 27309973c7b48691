package greet

import "testing"

func TestTo(t *testing.T) {
	if To("a") != "hello a" {
		t.Fail()
	}
}
