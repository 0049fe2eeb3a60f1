//go:build !race

// The race detector makes sync.Pool forget at random, so this counts without
// it only.

package scanner

import "testing"

func TestNoAllocation(t *testing.T) {
	e := testEngine(t, condPack("{sentence: [fruit, knife]}"))
	p := post("An apple. Well, it's quite a long day on the ward, #LongDay for @anna and so on…  déjà vu 😂😂")
	e.Scan(p, nil)
	if n := testing.AllocsPerRun(200, func() { e.Scan(p, nil) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
