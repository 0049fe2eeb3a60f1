package bluesky

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"flag"
	"math/bits"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	_ "lookback/importer/importertest" // has the flag -update
)

// A description is what testdata/*.json says of a repository, in words.
type description struct {
	About   string
	DID     string
	Version int
	Rev     time.Time // written as a TID
	Order   string    // of the blocks: commit-first or commit-last
	Stale   int       // blocks that nothing links to
	Double  bool      // one block is there twice
	Drop    []string  // records that are left out
	Records []described
}

type described struct {
	Collection string
	Rkey       string
	At         time.Time // the rkey is this time's TID
	Value      map[string]any
}

func (d described) key() string {
	if d.Rkey == "" {
		return d.Collection + "/" + tid(d.At)
	}
	return d.Collection + "/" + d.Rkey
}

// tid writes a time as a record's name.
func tid(t time.Time) string {
	v := uint64(t.UnixMicro()) << 10
	name := make([]byte, 13)
	for i := range name {
		name[12-i] = tidAlphabet[v&31]
		v >>= 5
	}
	return string(name)
}

// builder writes CARs.
type builder struct {
	enc    cbor.EncMode
	blocks [][]byte // address and content
}

func newBuilder() *builder {
	enc, err := cbor.EncOptions{Sort: cbor.SortLengthFirst}.EncMode()
	if err != nil {
		panic(err)
	}
	return &builder{enc: enc}
}

func (b *builder) encode(v any) []byte {
	data, err := b.enc.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}

func cidOf(data []byte) []byte {
	sum := sha256.Sum256(data)
	return append([]byte{1, codecCBOR, hashSHA256, sha256.Size}, sum[:]...)
}

func asLink(cid []byte) cbor.Tag {
	return cbor.Tag{Number: tagLink, Content: append([]byte{0}, cid...)}
}

// put adds a block and returns its address.
func (b *builder) put(v any) []byte {
	data := b.encode(v)
	cid := cidOf(data)
	b.blocks = append(b.blocks, append(slices.Clone(cid), data...))
	return cid
}

// leaf is a record on its way into the tree.
type leaf struct {
	key string
	cid []byte
}

func layer(key string) int {
	sum := sha256.Sum256([]byte(key))
	zeros := 0
	for _, c := range sum {
		zeros += bits.LeadingZeros8(c)
		if c != 0 {
			break
		}
	}
	return zeros / 2
}

// tree adds the nodes over leaves, which are in order, and returns the root.
func (b *builder) tree(leaves []leaf, level int) []byte {
	type row = map[string]any
	top := row{"l": nil, "e": []row{}}
	entries := []row{}
	last, from := "", 0
	hang := func(to int) any {
		if from == to {
			return nil
		}
		return asLink(b.tree(leaves[from:to], level-1))
	}
	for i, l := range leaves {
		if layer(l.key) < level {
			continue
		}
		if below := hang(i); len(entries) == 0 {
			top["l"] = below
		} else {
			entries[len(entries)-1]["t"] = below
		}
		n := 0
		for n < len(last) && n < len(l.key) && last[n] == l.key[n] {
			n++
		}
		entries = append(entries, row{"p": n, "k": []byte(l.key[n:]), "v": asLink(l.cid), "t": nil})
		last, from = l.key, i+1
	}
	if below := hang(len(leaves)); len(entries) == 0 {
		top["l"] = below
	} else {
		entries[len(entries)-1]["t"] = below
	}
	top["e"] = entries
	return b.put(top)
}

func (b *builder) file(root []byte, blocks [][]byte) []byte {
	var out bytes.Buffer
	section := func(data []byte) {
		out.Write(binary.AppendUvarint(nil, uint64(len(data))))
		out.Write(data)
	}
	section(b.encode(map[string]any{"roots": []any{asLink(root)}, "version": 1}))
	for _, block := range blocks {
		section(block)
	}
	return out.Bytes()
}

// car makes the repository that d describes.
func (d description) car() []byte {
	b := newBuilder()
	slices.SortFunc(d.Records, func(x, y described) int { return strings.Compare(x.key(), y.key()) })
	var leaves []leaf
	level := 0
	for _, r := range d.Records {
		l := leaf{r.key(), b.put(r.Value)}
		level = max(level, layer(l.key))
		leaves = append(leaves, l)
	}
	for i := range d.Stale {
		b.put(map[string]any{"$type": colPost, "text": "a stale block that nothing links to", "n": i})
	}
	c := map[string]any{"did": d.DID, "version": d.Version, "data": asLink(b.tree(leaves, level)), "prev": nil, "sig": make([]byte, 64)}
	if d.Version >= 3 {
		c["rev"] = tid(d.Rev)
	}
	root := b.put(c)
	blocks := b.blocks
	if d.Double {
		blocks = append([][]byte{blocks[0]}, blocks...)
	}
	if d.Order == "commit-first" {
		slices.Reverse(blocks)
	}
	for _, l := range leaves {
		if slices.Contains(d.Drop, l.key) {
			blocks = slices.DeleteFunc(blocks, func(block []byte) bool { return bytes.HasPrefix(block, l.cid) })
		}
	}
	return b.file(root, blocks)
}

var braces = regexp.MustCompile(`\{(\d{4}-\d\d-\d\dT[^}"]*)\}`)

// describe reads a description; {a time} in it stands for the time's TID.
func describe(t testing.TB, name string) description {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	data = braces.ReplaceAllFunc(data, func(m []byte) []byte {
		at, err := time.Parse(time.RFC3339, string(m[1:len(m)-1]))
		if err != nil {
			t.Fatal(err)
		}
		return []byte(tid(at))
	})
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	dec.DisallowUnknownFields()
	var d description
	if err := dec.Decode(&d); err != nil {
		t.Fatal(err)
	}
	for i, r := range d.Records {
		d.Records[i].Value = whole(r.Value).(map[string]any)
	}
	return d
}

// whole turns JSON numbers into integers.
func whole(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			v[k] = whole(e)
		}
	case []any:
		for i, e := range v {
			v[i] = whole(e)
		}
	case json.Number:
		n, err := v.Int64()
		if err != nil {
			panic(err)
		}
		return n
	}
	return v
}

// fixtures are the CARs that the conformance suite reads, by their paths.
var fixtures = map[string]string{
	"full":  "full/repo.car",
	"old":   "2023-v2/com.atproto.sync.getRepo",
	"slice": "slice/did_plc_part.car",
}

// TestFixtures holds the CARs against their descriptions; -update writes them.
func TestFixtures(t *testing.T) {
	for name, file := range fixtures {
		want := describe(t, name).car()
		file = filepath.Join("..", "..", "testdata", "bluesky", filepath.FromSlash(file))
		if flag.Lookup("update").Value.String() == "true" {
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, want, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what testdata/%s.json says (%v); -update rewrites it", file, name, err)
		}
	}
}
