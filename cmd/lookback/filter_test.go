package main

import (
	"strings"
	"testing"

	"lookback/store"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
)

func parse(t *testing.T, args ...string) (store.Filter, error) {
	t.Helper()
	var o filterOptions
	cmd := &cobra.Command{Use: "list"}
	o.AddFlags(cmd)
	if err := cmd.ParseFlags(args); err != nil {
		t.Fatal(err)
	}
	return o.filter(cmd)
}

func TestFilter(t *testing.T) {
	got, err := parse(t, "--standard", "5.1,2.12", "--standard", "9.1", "--action", "remove", "--kind", "like", "--since", "2019",
		"--until", "2021-06", "--text", "night shift", "--limit", "5", "--gone", "--decision", "keep,undecided", "--new", "--silenced")
	if err != nil {
		t.Fatal(err)
	}
	since, _, _ := parseDay("2019-01-01")
	_, until, _ := parseDay("2021-06-30")
	want := store.Filter{
		Standards: []string{"5.1", "2.12", "9.1"}, Actions: []store.Action{store.ActionRemove}, Kinds: []store.Kind{store.KindLike},
		Since: since, Until: until, Text: "night shift", Limit: 5, IncludeGone: true, Judged: true,
		Choices: []store.Choice{store.ChoiceKeep, ""}, New: true, IncludeSilenced: true,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Without a word about decisions only what is open is asked for.
func TestFilterOpen(t *testing.T) {
	for _, c := range []struct {
		args []string
		open bool
	}{{nil, true}, {[]string{"--action", "remove"}, true}, {[]string{"--decided"}, false}, {[]string{"--decision", "keep"}, false}} {
		if f, err := parse(t, c.args...); err != nil || f.Open != c.open {
			t.Errorf("%v: %v, %v", c.args, f.Open, err)
		}
	}
	var o filterOptions
	if o.any() {
		t.Error("nothing is a filter")
	}
	if o.accounts = []string{"x"}; !o.any() {
		t.Error("an account is no filter")
	}
}

func TestFilterRefuses(t *testing.T) {
	for _, c := range []struct{ flag, value, say string }{
		{"--action", "delete", "neither remove nor review"},
		{"--decision", "maybe", "is none of remove"},
		{"--kind", "tweet", "is none of post"},
		{"--since", "last year", "is not a date"},
		{"--until", "2019-13", "is not a date"},
	} {
		if _, err := parse(t, c.flag, c.value); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s %s: got %v", c.flag, c.value, err)
		}
	}
	if _, err := parse(t, "--since", "2020", "--until", "2019"); err == nil {
		t.Error("a span that ends before it begins was taken")
	}
}

func TestParseDay(t *testing.T) {
	for in, want := range map[string][2]string{
		"2020": {"2020-01-01", "2021-01-01"}, "2020-02": {"2020-02-01", "2020-03-01"},
		"2020-02-29": {"2020-02-29", "2020-03-01"}, "2019-12-31": {"2019-12-31", "2020-01-01"},
	} {
		from, to, err := parseDay(in)
		if err != nil || from.Format("2006-01-02") != want[0] || to.Format("2006-01-02") != want[1] {
			t.Errorf("%s: %v to %v, %v", in, from, to, err)
		}
	}
}

func TestKnownNames(t *testing.T) {
	k := knownNames{standards: []string{"2.10", "5.1"}, themes: []string{"privacy.case"}}
	for s, want := range map[string]bool{"5.1": true, "5": true, "2": true, "2.1": false, "7": false, "": false} {
		if got := k.standard(s); got != want {
			t.Errorf("standard %q: %v", s, got)
		}
	}
	if !k.theme("privacy") || k.theme("private") {
		t.Error("themes are told apart wrongly")
	}
}

func TestSameAccount(t *testing.T) {
	a := store.Account{Platform: "x", NativeID: "417", Handle: "Morgan_T", Name: "Morgan T", Earlier: []string{"morgz"}}
	for want, same := range map[string]bool{
		"": true, "morgan_t": true, "@Morgan_T": true, "x:morgan_t": true, "X:@morgan_t": true, "417": true, "morgz": true,
		"Morgan T": true, "mastodon:morgan_t": false, "ann": false,
	} {
		if got := sameAccount(want, a); got != same {
			t.Errorf("sameAccount(%q) = %v", want, got)
		}
	}
	if !sameAccount("ann", store.Account{Platform: "whatsapp"}) {
		t.Error("an archive that does not say whose it is was refused")
	}
}

func TestAccountName(t *testing.T) {
	for want, a := range map[string]store.Account{
		"@ann": {Handle: "ann", Name: "Ann"}, "Ann": {Name: "Ann", NativeID: "1"}, "account 1": {NativeID: "1"}, "an account without a name": {},
	} {
		if got := accountName(a); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
