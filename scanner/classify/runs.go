package classify

// A runMemo remembers what the characters of a run between spaces come to: the
// same words come again and again, and to add up the weights of their
// sequences is most of the work of a score.
type runMemo struct {
	of   *matrices // what the sums are of
	runs []run
	sums []int16 // by run, one for each head
}

type run struct {
	key   uint64 // hash of its bytes; 0 for none
	count int32  // features
}

const (
	runs       = 1 << 13
	longestRun = 24 // bytes; longer ones are seldom seen twice, and their sums have no room
)

// sumRuns fills acc with the sums of the characters' weights and returns how
// many features they are.
func (f *Features) sumRuns(x *matrices, h int, acc *[mostHeads]int32) (count int) {
	m := &f.runs
	if m.of != x {
		*m = runMemo{of: x, runs: make([]run, runs), sums: make([]int16, runs*h)}
	}
	clear(acc[:])
	for start, end := nextRun(f.text, 0); start < end; start, end = nextRun(f.text, end) {
		short := end-start <= longestRun
		key := runKey(f.text[start:end])
		at := int(key >> 32 % runs)
		sums := m.sums[at*h : at*h+h]
		if short && m.runs[at].key == key {
			for k, v := range sums[:min(len(sums), mostHeads)] {
				acc[k] += int32(v)
			}
			count += int(m.runs[at].count)
			continue
		}
		f.Chars = f.Chars[:0]
		f.charRun(f.text, start, end)
		f.rows = x.table.appendRows(f.rows[:0], f.Chars)
		var own [mostHeads]int32
		sumRows(x.weights, f.rows, h, h, &own)
		for k := range h {
			acc[k] += own[k]
		}
		count += len(f.Chars)
		if short {
			m.runs[at] = run{key, int32(len(f.Chars))}
			for k := range sums {
				sums[k] = int16(own[k])
			}
		}
	}
	return count
}

func runKey(s string) uint64 {
	h := uint64(seedChar)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * prime
	}
	return h ^ h>>29 | 1
}
