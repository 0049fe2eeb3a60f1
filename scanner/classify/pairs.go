package classify

import (
	"encoding/binary"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Most of what a score sums are weights of pairs: of concepts, and of classes of
// words. The same pairs come again and again, and
// the matrix keeps each of them in a place of its own. So the first time that a
// pair is met its weights are copied to where those of its neighbours are.

// pairSpan is how many names have places among the pairs: those that are met
// first, and so the most frequent ones. Pairs with others are looked up in the
// matrix each time. That it is a prime spreads the beginnings of the blocks, where
// most of what is asked for is, over a processor's cache.
const pairSpan = 757

// pairHeads is for how many heads there is room in a row of pairs.
const pairHeads = 23

// A pairRow is a row of the matrix as sumPart reads it. last is 0 until the row
// is filled and is stored after first.
type pairRow struct {
	first [2]uint64
	last  atomic.Uint64
}

// filled marks last; no head's weight is there.
const filled = 1 << 56

type pairBlock [pairSpan]pairRow

// pairKind says how the features of pairs are named.
type pairKind struct{ seed, times uint64 }

var (
	conceptPairs = pairKind{seedExtra, 3}
	classPairs   = pairKind{seedClass, 5}
)

// pairs are the rows of one kind of pairs, by the number of the first name.
type pairs struct {
	kind    pairKind
	numbers numbers
	blocks  [pairSpan]atomic.Pointer[pairBlock]
	mu      sync.Mutex // held while blocks and rows are filled
	free    []pairBlock
}

func newPairs(kind pairKind) *pairs {
	return &pairs{kind: kind, numbers: numbers{list: map[uint64]int32{}}}
}

const blocksAtOnce = 4 << 20 / (24 * pairSpan)

// numbers gives names numbers in the order in which they are met.
type numbers struct {
	mu   sync.Mutex
	list map[uint64]int32
}

func (n *numbers) of(name uint64) int32 {
	n.mu.Lock()
	defer n.mu.Unlock()
	i, ok := n.list[name]
	if !ok {
		i = int32(len(n.list))
		n.list[name] = i
	}
	return i
}

// A numberMemo remembers the numbers of names, so that workers seldom have to
// wait for each other.
type numberMemo [1 << 10]struct {
	name uint64
	i    int32
}

func (f *Features) numbersOf(x *matrices, p *pairs, names []uint64, out []int32) []int32 {
	if f.numbersIn != x {
		f.numbersIn, f.numbers = x, numberMemo{}
	}
	for _, name := range names {
		m := &f.numbers[name>>20%uint64(len(f.numbers))]
		if m.name != name {
			m.name, m.i = name, p.numbers.of(name)
		}
		out = append(out, m.i)
	}
	return out
}

// sumPairs fills acc with the sums of the weights of names and of their pairs
// with each other.
func (f *Features) sumPairs(x *matrices, p *pairs, names []uint64, h int, acc *[mostHeads]int32) {
	clear(acc[:])
	f.ids = f.numbersOf(x, p, names, f.ids[:0])
	var s laneSums
	p.touch(f.ids)
	for i := range names {
		if s.rows+len(f.ids)-i > mostRows {
			s.empty(h, acc)
		}
		f.missed = f.missed[:0]
		b := p.block(f.ids[i])
		if b != nil {
			f.missed = s.add(b, f.ids[i:], f.missed)
		} else {
			for k := range f.ids[i:] {
				f.missed = append(f.missed, int32(k))
			}
		}
		for _, k := range f.missed {
			s.one(x.pair(p, b, f.ids[i+int(k)], p.kind.bucket(names[i:], int(k)), h))
		}
	}
	s.empty(h, acc)
}

// touch asks for all rows before the first is used, as touch does.
//
//go:noinline
func (p *pairs) touch(ids []int32) (all uint64) {
	for i := range ids {
		if ids[i] >= pairSpan {
			continue
		}
		b := p.blocks[ids[i]].Load()
		if b == nil {
			continue
		}
		for _, id := range ids[i:] {
			if id < pairSpan {
				all |= b[id].last.Load()
			}
		}
	}
	return all
}

// bucket is that of names[0] alone for k = 0, and of it and names[k] for others.
func (p pairKind) bucket(names []uint64, k int) uint32 {
	if k == 0 {
		return bucket(names[0] ^ p.seed)
	}
	return bucket((names[0]*p.times + names[k]) ^ p.seed)
}

// block returns the rows of the pairs of a name; nil where it has none.
func (p *pairs) block(id int32) *pairBlock {
	if id >= pairSpan {
		return nil
	}
	if b := p.blocks[id].Load(); b != nil {
		return b
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	b := p.blocks[id].Load()
	if b == nil {
		b = p.room()
		p.blocks[id].Store(b)
	}
	return b
}

// room makes a new block, which holds no pointers. Blocks are made some at a
// time, in one piece of memory that can have large pages.
func (p *pairs) room() *pairBlock {
	if len(p.free) == 0 {
		b := ownPages(blocksAtOnce * int(unsafe.Sizeof(pairBlock{})))
		p.free = unsafe.Slice((*pairBlock)(unsafe.Pointer(unsafe.SliceData(b))), blocksAtOnce)
	}
	b := &p.free[0]
	p.free = p.free[1:]
	clear(b[:]) // see sumRuns
	return b
}

// pair reads the row of a pair from the matrix, and keeps it in b where there is
// a place for it.
func (x *matrices) pair(p *pairs, b *pairBlock, id int32, feature uint32, h int) (u, v, w uint64) {
	u, v, w = signs, signs, signs
	if r := x.table.row(feature); r >= 0 {
		row := x.weights[int(r)*h:][:atOnce]
		u ^= binary.LittleEndian.Uint64(row)
		v ^= binary.LittleEndian.Uint64(row[8:])
		w ^= binary.LittleEndian.Uint64(row[16:])
	}
	w = w&(filled-1) | filled
	if b != nil && id < pairSpan {
		p.mu.Lock()
		if r := &b[id]; r.last.Load() == 0 {
			r.first = [2]uint64{u, v}
			r.last.Store(w)
		}
		p.mu.Unlock()
	}
	return u, v, w
}

// mostRows is how many rows can be added before a lane overflows.
const mostRows = 256

// laneSums are sums as sumPart makes them.
type laneSums struct {
	sum  [atOnce / 4]uint64
	rows int
}

// add adds the rows of b that are filled and appends to missed which of ids
// are those of others.
func (s *laneSums) add(b *pairBlock, ids, missed []int32) []int32 {
	a0, a1, a2, a3, a4, a5 := s.sum[0], s.sum[1], s.sum[2], s.sum[3], s.sum[4], s.sum[5]
	for k, id := range ids {
		if id >= pairSpan {
			missed = append(missed, int32(k))
			continue
		}
		r := &b[id]
		w := r.last.Load()
		if w == 0 {
			missed = append(missed, int32(k))
			continue
		}
		u, v := r.first[0], r.first[1]
		a0, a1 = a0+u&lanes, a1+u>>8&lanes
		a2, a3 = a2+v&lanes, a3+v>>8&lanes
		a4, a5 = a4+w&lanes, a5+w>>8&lanes
	}
	s.sum = [...]uint64{a0, a1, a2, a3, a4, a5}
	s.rows += len(ids) - len(missed)
	return missed
}

func (s *laneSums) one(u, v, w uint64) {
	for i, x := range [...]uint64{u, v, w} {
		s.sum[2*i] += x & lanes
		s.sum[2*i+1] += x >> 8 & lanes
	}
	s.rows++
}

// empty adds the sums to those of the heads and begins anew.
func (s *laneSums) empty(h int, acc *[mostHeads]int32) {
	unlane(&s.sum, h, s.rows, acc[:])
	*s = laneSums{}
}
