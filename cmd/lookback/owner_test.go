package main

import (
	"strings"
	"testing"

	"lookback/store"
)

func TestMayBeOne(t *testing.T) {
	for _, tc := range []struct {
		name string
		k, a store.Account
		want bool
	}{
		{"same id, other handle", store.Account{NativeID: "1", Handle: "a"}, store.Account{NativeID: "1", Handle: "b"}, true},
		{"other id, same handle", store.Account{NativeID: "1", Handle: "a"}, store.Account{NativeID: "2", Handle: "a"}, false},
		{"same handle, one id", store.Account{NativeID: "1", Handle: "Ann"}, store.Account{Handle: "ann"}, true},
		{"an earlier handle", store.Account{Handle: "old"}, store.Account{Handle: "new", Earlier: []string{"OLD"}}, true},
		{"a handle that the store knows as earlier", store.Account{Handle: "new", Earlier: []string{"old"}}, store.Account{Handle: "old"}, true},
		{"other handles, same name", store.Account{Handle: "a", Name: "Ann"}, store.Account{Handle: "b", Name: "Ann"}, false},
		{"names only", store.Account{Name: "Ann A"}, store.Account{Name: "ann a"}, true},
		{"other names", store.Account{Name: "Ann A"}, store.Account{Name: "Bo B", Handle: "bo"}, false},
		{"nothing known", store.Account{Name: "Ann A"}, store.Account{}, true},
	} {
		if got := mayBeOne(tc.k, tc.a); got != tc.want {
			t.Errorf("%s: %v", tc.name, got)
		}
	}
}

func TestAccountInsists(t *testing.T) {
	bluesky := store.Account{Platform: "bluesky", NativeID: "did:plc:ann"}
	for _, tc := range []struct {
		accounts []string
		owner    store.Account
		refused  bool
	}{
		{nil, bluesky, false},
		{[]string{"did:plc:ann"}, bluesky, false},
		{[]string{"bluesky:did:plc:ann"}, bluesky, false},
		{[]string{"x:@ann"}, bluesky, false}, // says nothing of Bluesky
		{[]string{"@ann"}, bluesky, true},
		{[]string{"@ann", "X:bo"}, store.Account{Platform: "x", Handle: "Bo"}, false},
		{[]string{"x:ann"}, store.Account{Platform: "x", Handle: "bo"}, true},
		{[]string{"x:ann"}, store.Account{Platform: "x"}, false}, // it does not say whose
	} {
		o := importOptions{accounts: tc.accounts}
		if err := o.insists("a.zip", tc.owner); (err != nil) != tc.refused {
			t.Errorf("--account %v, archive of %+v: %v", tc.accounts, tc.owner, err)
		}
	}
}

// The hint can be pasted: what it names is what insists accepts.
func TestStrangerHint(t *testing.T) {
	for _, owner := range []store.Account{
		{Platform: "x", Handle: "bo"}, {Platform: "linkedin", Name: "Bo Sample"}, {Platform: "bluesky", NativeID: "did:plc:bo"},
		{Platform: "discord", Handle: "Bo#1234", Name: "Bo"},
	} {
		_, hint := splitHint(stranger("a.zip", owner, []store.Account{{Platform: owner.Platform, Handle: "ann"}}))
		_, value, _ := strings.Cut(hint, "--account ")
		value, _, _ = strings.Cut(value, ";")
		o := importOptions{accounts: []string{strings.Trim(value, "'")}}
		if err := o.insists("a.zip", owner); err != nil {
			t.Errorf("%q: %v", value, err)
		}
	}
}
