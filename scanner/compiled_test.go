package scanner

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lookback/store"
)

var updateCompiled = flag.Bool("update-compiled", false, "compile the built-in packs anew into data/packs.bin")

// parsed returns the built-in rules as their YAML gives them, and what is
// compiled of them.
func parsed(t *testing.T) (*Rules, *tables) {
	t.Helper()
	r, err := link(LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	r.sign()
	made, err := (&compiler{rules: r}).tables()
	if err != nil {
		t.Fatal(err)
	}
	return r, made
}

// TestCompiled holds that data/packs.bin is what the packs give today. After a
// change of packs or of the compiler, run "go generate ./scanner".
func TestCompiled(t *testing.T) {
	r, made := parsed(t)
	want := compile(r, made)
	if *updateCompiled {
		if err := os.WriteFile("data/packs.bin", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if compiledPacks != string(want) {
		t.Fatalf("data/packs.bin (%d bytes) is not what the packs give (%d bytes): run go generate ./scanner", len(compiledPacks), len(want))
	}
	again := compiledRules()
	var read tables
	(&wire{in: again.tables, reading: true}).readTables(&read)()
	if !bytes.Equal(compile(again, &read), want) {
		t.Error("what is read from data/packs.bin is not what was written")
	}
}

// TestCompiledFinds compares rules and findings of both ways to load the packs.
func TestCompiledFinds(t *testing.T) {
	slow, made := parsed(t)
	quick := &wire{in: string(compile(slow, made))[len(packsDigest()):], reading: true}
	read := &Rules{}
	quick.rules(read)
	read.tables = quick.in
	read.sign()
	if slow.Hash() != read.Hash() {
		t.Errorf("hash %s, want %s", read.Hash(), slow.Hash())
	}
	engines := [2]*Engine{}
	for i, r := range []*Rules{slow, read} {
		e, err := New(r)
		if err != nil {
			t.Fatal(err)
		}
		engines[i] = e
	}
	if a, b := engines[0].String(), engines[1].String(); a != b {
		t.Errorf("%s, want %s", b, a)
	}
	for _, x := range slow.Rules() {
		for _, ex := range append(x.Match, x.Not...) {
			p := store.Post{Kind: ex.Kind, Own: ownKind(ex.Kind), Text: ex.Text}
			if d := cmp.Diff(engines[0].Scan(&p, nil), engines[1].Scan(&p, nil)); d != "" {
				t.Errorf("%s, example in line %d:\n%s", x.ID, ex.line, d)
			}
		}
	}
}
