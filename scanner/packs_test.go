package scanner

import (
	"os"
	"testing"

	"lookback/store"
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

// TestTrace shows what the engine sees in the text in LOOKBACK_TRACE.
func TestTrace(t *testing.T) {
	text := os.Getenv("LOOKBACK_TRACE")
	if text == "" {
		return
	}
	e := loadPacks(t)
	s := e.newScan()
	for _, kind := range []store.Kind{store.KindPost, store.KindDM, store.KindReply, store.KindLike} {
		p := store.Post{Kind: kind, Text: text, Own: ownKind(kind)}
		s.run(&p, nil)
		if kind == store.KindPost {
			s.lights()
			traceTokens(t, s)
		}
		for _, f := range s.fired {
			t.Logf("%s: fired %s (%s %.2f)", kind, e.progs[f.prog].ID, f.action, f.confidence)
		}
	}
}

func traceTokens(t *testing.T, s *scan) {
	for i := range s.t.toks {
		k := &s.t.toks[i]
		t.Logf("word %-16s gap %d class %08b light %04b", s.t.bytes(i), k.gap, k.class, k.light)
	}
	for _, h := range s.hits {
		name := s.e.names[h.concept]
		if h.to > h.from && name != "" {
			sp := s.span(h.from, h.to)
			t.Logf("concept %-28s %q", name, s.t.src[sp.Start:sp.End])
		}
	}
}
