package identity

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
)

// A Set remembers keys in about eleven bytes each, however long they are: an
// archive of a gigabyte can hold millions of records, and a map of strings
// would need more memory than the rest of the program. It keeps 64 bits of a
// key's hash, so that two keys among ten million are taken for one with a
// chance of three in a million. The zero value is ready.
type Set struct {
	shards [256]shard
	turn   uint8 // of the file, 2 to 255; 0 before the first
}

// A shard is a table of those keys whose hashes begin alike. Each grows on its
// own, so that growing never needs the room of the whole twice over.
type shard struct {
	slots []uint64 // 56 bits of the hash, then the turn that it came in; 0 is free
	used  int
}

// Found is what a Set knew of a key.
type Found int

// The key was not there; it was put before Turn was called last; or since.
const (
	Absent Found = iota
	Earlier
	Present
)

const (
	turnBits = 8
	old      = 1 // the turn of everything from before the turns began anew
)

// Add reports whether key is new, and remembers it.
func (s *Set) Add(key string) bool { return s.put(hash(key)) == Absent }

// Put is Add that tells a key of before the last Turn from one of since.
func (s *Set) Put(key string) Found { return s.put(hash(key)) }

// Has reports whether key was added.
func (s *Set) Has(key string) bool {
	h := hash(key)
	sh := &s.shards[h>>56]
	if len(sh.slots) == 0 {
		return false
	}
	return sh.slots[sh.find(h<<turnBits)] != 0
}

// Len returns how many keys there are.
func (s *Set) Len() int {
	n := 0
	for i := range s.shards {
		n += s.shards[i].used
	}
	return n
}

// Turn begins another file: what was put before counts as earlier.
func (s *Set) Turn() {
	if s.turn < 255 {
		s.turn = max(s.turn, old) + 1
		return
	}
	s.turn = old + 1
	for i := range s.shards {
		for j, v := range s.shards[i].slots {
			if v != 0 {
				s.shards[i].slots[j] = v>>turnBits<<turnBits | old
			}
		}
	}
}

// put adds a hash and says what was known of it until then.
func (s *Set) put(h uint64) Found {
	if s.turn == 0 {
		s.Turn()
	}
	sh := &s.shards[h>>56]
	if sh.used >= len(sh.slots)*7/8 {
		sh.grow()
	}
	rest := h << turnBits
	at := &sh.slots[sh.find(rest)]
	was := *at
	*at = rest | uint64(s.turn)
	switch {
	case was == 0:
		sh.used++
		return Absent
	case uint8(was) == s.turn:
		return Present
	}
	return Earlier
}

// find returns the slot of rest, or the free one where it belongs.
func (sh *shard) find(rest uint64) int {
	n := uint64(len(sh.slots))
	at, _ := bits.Mul64(rest, n)
	for ; ; at++ {
		if at == n {
			at = 0
		}
		if v := sh.slots[at]; v == 0 || v>>turnBits == rest>>turnBits {
			return int(at)
		}
	}
}

func (sh *shard) grow() {
	was := sh.slots
	sh.slots = make([]uint64, max(8, len(was)+len(was)/3))
	for _, v := range was {
		if v != 0 {
			sh.slots[sh.find(v>>turnBits<<turnBits)] = v
		}
	}
}

func hash(key string) uint64 {
	sum := sha256.Sum256([]byte(key))
	return binary.BigEndian.Uint64(sum[:8])
}
