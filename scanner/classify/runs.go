package classify

// A runMemo remembers what the characters of a run between spaces come to: the
// same words come again and again, and to add up the weights of their
// sequences is most of the work of a score.
type runMemo struct {
	of   *matrices // what the sums are of
	runs []run
	list []runAt // scratch: the runs of a text
}

// A run takes one line of a processor's cache.
type run struct {
	key   uint64 // hash of its bytes; 0 for none
	count int16  // features
	sums  [runHeads]int16
}

const (
	runs       = 1 << 15
	runHeads   = 27 // models with more heads go without
	longestRun = 24 // bytes; longer ones are seldom seen twice, and their sums have no room
)

// A runAt is a run of a text.
type runAt struct {
	key        uint64
	start, end int32
}

// sumRuns fills acc with the sums of the characters' weights and returns how
// many features they are.
func (f *Features) sumRuns(x *matrices, h int, acc *[mostHeads]int32) (count int) {
	m := &f.runs
	if m.of != x {
		*m = runMemo{of: x, runs: make([]run, runs), list: m.list}
		clear(m.runs) // a page that is read before it is written to costs twice
	}
	clear(acc[:])
	m.read(f.text)
	for _, a := range m.list {
		short := a.end-a.start <= longestRun && h <= runHeads
		r := &m.runs[a.key>>32%runs]
		if short && r.key == a.key {
			for k, v := range r.sums[:h] {
				acc[k] += int32(v)
			}
			count += int(r.count)
			continue
		}
		f.Chars = f.Chars[:0]
		f.charRun(f.text, int(a.start), int(a.end))
		f.rows = x.table.appendRows(f.rows[:0], f.Chars)
		var own [mostHeads]int32
		sumRows(x.weights, f.rows, h, h, &own)
		for k := range h {
			acc[k] += own[k]
		}
		count += len(f.Chars)
		if short {
			r.key, r.count = a.key, int16(len(f.Chars))
			for k := range h {
				r.sums[k] = int16(own[k])
			}
		}
	}
	return count
}

// read lists the runs of a text, and asks for what is known of all of them
// before the first is looked up, as touch does.
//
//go:noinline
func (m *runMemo) read(text string) (all uint64) {
	m.list = m.list[:0]
	for start, end := nextRun(text, 0); start < end; start, end = nextRun(text, end) {
		m.list = append(m.list, runAt{runKey(text[start:end]), int32(start), int32(end)})
	}
	for _, a := range m.list {
		all |= m.runs[a.key>>32%runs].key
	}
	return all
}

func runKey(s string) uint64 {
	h := uint64(seedChar)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * prime
	}
	return h ^ h>>29 | 1
}
