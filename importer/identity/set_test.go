package identity

import (
	"math/rand/v2"
	"strconv"
	"testing"
)

// TestSetIsAMap puts the same numbers into a Set and into a map, over more
// files than the Set can tell apart at a time.
func TestSetIsAMap(t *testing.T) {
	var s Set
	turns := map[uint64]int{}
	rnd := rand.New(rand.NewPCG(1, 2))
	for file := range 600 {
		if file > 0 {
			s.Turn()
		}
		for range 200 {
			h := rnd.Uint64N(5000) * 0x9E3779B97F4A7C15
			want := Absent
			if at, ok := turns[h]; ok && at == file {
				want = Present
			} else if ok {
				want = Earlier
			}
			if got := s.put(h); got != want {
				t.Fatalf("file %d, %x: got %d, want %d", file, h, got, want)
			}
			turns[h] = file
		}
	}
	if s.Len() != len(turns) {
		t.Errorf("%d keys of %d", s.Len(), len(turns))
	}
}

func TestSetIsSmall(t *testing.T) {
	const n = 300_000
	var s Set
	for i := range n {
		if !s.Add("note:" + strconv.Itoa(i)) {
			t.Fatalf("key %d was there before it came", i)
		}
	}
	slots := 0
	for _, sh := range s.shards {
		slots += len(sh.slots)
	}
	if each := float64(slots*8) / n; each > 12.5 {
		t.Errorf("%.1f bytes a key", each)
	}
	if !s.Has("note:7") || s.Has("note:x") || (&Set{}).Has("note:7") {
		t.Error("Has does not know what was added")
	}
	if s.Add("note:299999") || s.Len() != n {
		t.Error("a key was taken for new twice")
	}
}
