package scanner

import (
	"os"
	"testing"
)

// loadPacks compiles the built-in packs, or those in the folder LOOKBACK_PACKS
// while they are being written.
func loadPacks(tb testing.TB) *Engine {
	tb.Helper()
	var opts LoadOptions
	if dir := os.Getenv("LOOKBACK_PACKS"); dir != "" {
		opts.Packs = os.DirFS(dir)
	}
	r, err := Load(opts)
	if err != nil {
		tb.Fatal(err)
	}
	e, err := New(r)
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

// TestExamples runs each rule over its own examples, pack by pack.
func TestExamples(t *testing.T) {
	e := loadPacks(t)
	packs := map[string]bool{}
	for _, r := range e.rules.rules {
		packs[r.Pack] = true
	}
	for pack := range packs {
		t.Run(pack, func(t *testing.T) {
			for _, f := range e.checkExamples(pack) {
				t.Error(f)
			}
		})
	}
}

// TestEvalDev prints the figures for the labelled cases that are kept outside
// the repository; it does something only where LOOKBACK_EVAL names them.
func TestEvalDev(t *testing.T) {
	if os.Getenv("LOOKBACK_EVAL") == "" {
		return
	}
	evalDev(t, loadPacks(t))
}
