package main

import (
	"strconv"
	"testing"

	"lookback/scanner"
)

// TestOwed holds that more is owed for what more authors of rules have read.
func TestOwed(t *testing.T) {
	var read, unread string
	for i := 0; read == "" || unread == ""; i++ {
		if key := "k" + strconv.Itoa(i); scanner.RulesRead(key) {
			read = key
		} else {
			unread = key
		}
	}
	for _, x := range []struct {
		name, key string
		earlier   bool
		want      float64
	}{
		{"read by nobody", unread, false, 0},
		{"by the later authors", read, false, owedLater},
		{"by the earlier ones", unread, true, owedEarlier},
		{"by both", read, true, owedBoth},
	} {
		if got := owedTo(x.key, x.earlier); got != x.want {
			t.Errorf("%s: %v is owed, want %v", x.name, got, x.want)
		}
	}
}
