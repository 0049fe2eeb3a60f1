package identity_test

import (
	"strings"
	"testing"
	"time"

	"lookback/importer/identity"
)

func TestKeys(t *testing.T) {
	var k identity.Keys
	one, again := k.Key("comment", "1", "two\nlines")
	if again || !strings.HasPrefix(one, "comment:") || len(one) != len("comment:")+24 {
		t.Fatalf("got %q, %v", one, again)
	}
	for _, c := range []struct {
		name  string
		scope string
		parts []string
		same  bool
	}{
		{"another scope", "like", []string{"1", "two lines"}, false},
		{"another time", "comment", []string{"2", "two lines"}, false},
		{"parts elsewhere", "comment", []string{"1 two", "lines"}, false},
	} {
		if got, again := k.Key(c.scope, c.parts...); got == one || again {
			t.Errorf("%s: %q, %v", c.name, got, again)
		}
	}
	second, again := k.Key("comment", "1", "two lines")
	if again || second != one+"~2" {
		t.Errorf("a second equal record: %q, %v", second, again)
	}
	k.File()
	if got, again := k.Key("comment", "1", " two  lines "); got != one || !again {
		t.Errorf("the same record in another file: %q, %v", got, again)
	}
	if k.Take(second) || !k.Take("comment:x") || k.Take("comment:x") {
		t.Error("Take does not remember")
	}
}

func TestTime(t *testing.T) {
	if got := identity.Time(time.Time{}); got != "" {
		t.Errorf("no time: %q", got)
	}
	at := time.Date(2024, 3, 1, 12, 0, 0, 999, time.FixedZone("x", 7200))
	if got := identity.Time(at); got != "1709287200" {
		t.Errorf("got %q", got)
	}
}
