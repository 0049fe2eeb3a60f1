package classify

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"hash/crc32"
	"io"
	"io/fs"
)

// The word classes are part of the program twice, as the rule packs are: as the
// files that people write, and as the tables that are made of them, since to
// make these takes longer than to judge a post. The files decide: tables of
// other files are not used, and a test compares both. They are written anew by
// "go generate ./scanner".
//
//go:embed data/words.bin
var packedWords []byte

// packedWordsFormat changes with the layout of the packed tables.
const packedWordsFormat = 2

// wordsDigest tells the files that packed tables were made of from others, by a
// checksum; nil where they cannot be read.
func wordsDigest() []byte {
	h := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	names, err := fs.Glob(wordFiles, "words/*.txt")
	if err != nil {
		return nil
	}
	for _, name := range names {
		f, err := wordFiles.Open(name)
		if err != nil {
			return nil
		}
		n, err := io.Copy(h, f)
		if err != nil {
			return nil
		}
		h.Write(binary.AppendUvarint([]byte(name), uint64(n)))
	}
	return h.Sum([]byte{packedWordsFormat, bitsLog})
}

// packWords writes the tables of a lexicon one after the other, in numbers of
// fixed length, behind the digest of the files and how long the tables are.
func packWords(x *lexicon) []byte {
	le := binary.LittleEndian
	out := wordsDigest()
	for _, n := range []int{x.shortest, len(x.names), len(x.parts), len(x.entries), len(x.firsts.slots), len(x.pairs.slots)} {
		out = le.AppendUint64(out, uint64(n))
	}
	for _, n := range x.names {
		out = le.AppendUint64(out, n)
	}
	for _, p := range x.parts {
		stem := uint64(0)
		if p.stem {
			stem = 1
		}
		out = le.AppendUint64(le.AppendUint64(out, p.hash), stem)
	}
	for _, e := range x.entries {
		for _, n := range []int32{e.class, e.from, e.to, e.next} {
			out = le.AppendUint32(out, uint32(n))
		}
	}
	for _, h := range []*hashes{&x.firsts, &x.pairs} {
		for _, s := range h.slots {
			out = le.AppendUint64(out, s.key)
			out = le.AppendUint32(le.AppendUint32(out, uint32(s.whole)), uint32(s.stemOpens))
		}
	}
	return out
}

// unpackWords is the inverse of packWords; nil where b was made of other files.
func unpackWords(b []byte) *lexicon {
	digest := wordsDigest()
	if len(digest) == 0 || !bytes.HasPrefix(b, digest) {
		return nil
	}
	le := binary.LittleEndian
	b = b[len(digest):]
	var n [6]int
	for i := range n {
		n[i], b = int(le.Uint64(b)), b[8:]
	}
	x := &lexicon{shortest: n[0], names: make([]uint64, n[1]), parts: make([]part, n[2]), entries: make([]entry, n[3])}
	for i := range x.names {
		x.names[i], b = le.Uint64(b), b[8:]
	}
	for i := range x.parts {
		x.parts[i], b = part{le.Uint64(b), b[8] == 1}, b[16:]
	}
	for i := range x.entries {
		x.entries[i], b = entry{int32(le.Uint32(b)), int32(le.Uint32(b[4:])), int32(le.Uint32(b[8:])), int32(le.Uint32(b[12:]))}, b[16:]
	}
	b = x.firsts.unpack(b, n[4])
	x.pairs.unpack(b, n[5])
	return x
}

// unpack reads n slots and returns what follows them.
func (h *hashes) unpack(b []byte, n int) []byte {
	le := binary.LittleEndian
	h.slots = make([]slot, n)
	for i := range h.slots {
		key := le.Uint64(b)
		if key != 0 {
			h.slots[i] = slot{key, int32(le.Uint32(b[8:])), int32(le.Uint32(b[12:]))}
			h.note(key)
			h.used++
		}
		b = b[16:]
	}
	return b
}
