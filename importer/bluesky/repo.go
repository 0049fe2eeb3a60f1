package bluesky

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"lookback/importer"
	"lookback/store"
)

// mostSkips bounds what is told one by one of a damaged file; the rest is
// counted.
const mostSkips = 100

// repo reads one repository. Damage is told to the sink.
func (r *run) repo(m importer.Member) error {
	c, err := r.index(m)
	if c == nil {
		return err
	}
	at, err := importer.OpenRandom(r.fsys, m.Path)
	if err != nil {
		return r.Fail("", m.Name, err)
	}
	w := &walk{r: r, c: c, at: at, member: m.Name, seen: make([]bool, len(c.blocks))}
	com, err := w.commit()
	if err != nil {
		return err
	}
	r.addOwner(com.DID)
	if err := r.owner(com.DID); err != nil {
		return err
	}
	if t := tidTime(com.Rev); !t.IsZero() {
		if err := r.Out.Fact(importer.Fact{Generated: t.Unix()}); err != nil {
			return err
		}
	}
	if err := w.tree(com.Data.digest, 0); err != nil {
		return err
	}
	if err := w.flush(); err != nil {
		return err
	}
	return w.report()
}

// index reads the whole file once. A nil index and a nil error mean that the
// file could not be read and that the sink knows.
func (r *run) index(m importer.Member) (*car, error) {
	f, err := r.fsys.Open(m.Path)
	if err != nil {
		return nil, r.Fail("", m.Name, err)
	}
	defer f.Close()
	size := m.Size
	if info, err := f.Stat(); err == nil {
		size = info.Size()
	}
	c, err := readCAR(r.ctx, f, size)
	if err == nil {
		return c, nil
	}
	if ctxErr := r.ctx.Err(); ctxErr != nil {
		return nil, ctxErr
	}
	r.Lose("")
	return nil, unusable(m.Name, err)
}

func unusable(member string, err error) error {
	return &importer.HintError{Err: fmt.Errorf("reading %s: %w", member, err), Hint: againHint}
}

// A walk visits the record tree of one repository.
type walk struct {
	r      *run
	c      *car
	at     io.ReaderAt
	member string
	seen   []bool // by block: visited as a node
	last   string // the key before

	noNodes, noRecords, badRecords, disorder, skips int

	batch []item
	bytes int
}

// An item is a record that waits to be read.
type item struct {
	key   string
	sum   digest
	block int
	raw   []byte
}

// Bounds of a batch: its records are read in the order in which they lie in
// the file, because going back in a packed file means unpacking it again.
const (
	batchBytes = 24 << 20
	batchItems = 50_000
)

var (
	errNoCommit  = errors.New("its first record is missing")
	errNotCommit = errors.New("it is no repository of Bluesky")
)

// commit reads the root.
func (w *walk) commit() (commit, error) {
	var com commit
	i, ok := w.c.find(w.c.root)
	if !ok {
		w.r.Lose("")
		return com, unusable(w.member, cmp.Or(w.c.cut, errNoCommit))
	}
	data, err := w.c.load(w.at, i, w.c.root)
	if err != nil {
		w.r.Lose("")
		return com, unusable(w.member, err)
	}
	if err := decoding.Unmarshal(data, &com); err != nil || !strings.HasPrefix(com.DID, "did:") || !com.Data.isSet() {
		w.r.Lose("")
		return com, unusable(w.member, errNotCommit)
	}
	com.DID = strings.ToValidUTF8(com.DID, "\uFFFD")
	return com, nil
}

// maxDepth of the tree; an honest one of a million records has about ten.
const maxDepth = 128

// tree visits the node d and all below it in the order of their keys. No node
// is visited twice, so that a forged tree cannot go in circles.
func (w *walk) tree(d digest, depth int) error {
	if err := w.r.ctx.Err(); err != nil {
		return err
	}
	n := w.node(d, depth)
	if n == nil {
		w.noNodes++
		return nil
	}
	if n.Left.isSet() {
		if err := w.tree(n.Left.digest, depth+1); err != nil {
			return err
		}
	}
	var key []byte
	for _, e := range n.Entries {
		if e.Prefix < 0 || e.Prefix > len(key) || e.Prefix+len(e.Key) > 2048 {
			w.noNodes++
			return nil
		}
		key = append(key[:e.Prefix:e.Prefix], e.Key...)
		if err := w.record(strings.ToValidUTF8(string(key), "\uFFFD"), e.Value.digest); err != nil {
			return err
		}
		if e.Tree.isSet() {
			if err := w.tree(e.Tree.digest, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// node reads a node, nil where it is missing, broken or was visited before.
func (w *walk) node(d digest, depth int) *node {
	i, ok := w.c.find(d)
	if !ok || w.seen[i] || depth > maxDepth {
		return nil
	}
	w.seen[i] = true
	data, err := w.c.load(w.at, i, d)
	if err != nil {
		return nil
	}
	var n node
	if err := decoding.Unmarshal(data, &n); err != nil {
		return nil
	}
	return &n
}

// record puts a record on the list, if it can hold words or an endorsement.
func (w *walk) record(key string, d digest) error {
	if key <= w.last {
		w.disorder++
	}
	w.last = key
	i, ok := w.c.find(d)
	if !ok {
		w.noRecords++
		return w.skip(0, "the record "+clip(key)+" is missing")
	}
	collection, rkey, ok := strings.Cut(key, "/")
	if !ok || collection == "" || rkey == "" {
		w.badRecords++
		return w.skip(0, "a record has a malformed name")
	}
	if textless[collection] {
		return nil
	}
	w.batch = append(w.batch, item{key: key, sum: d, block: i})
	w.bytes += int(w.c.blocks[i].n)
	if w.bytes < batchBytes && len(w.batch) < batchItems {
		return nil
	}
	return w.flush()
}

// clip shortens a record's name, which a program chose.
func clip(key string) string {
	if len(key) > 80 {
		return strings.ToValidUTF8(key[:80], "") + "…"
	}
	return key
}

// flush reads the records of the batch and hands them over in the order of
// their keys.
func (w *walk) flush() error {
	order := make([]int, len(w.batch))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Compare(w.c.blocks[w.batch[a].block].off, w.c.blocks[w.batch[b].block].off)
	})
	for n, i := range order {
		if n%256 == 0 && w.r.ctx.Err() != nil {
			return w.r.ctx.Err()
		}
		it := &w.batch[i]
		raw, err := w.c.load(w.at, it.block, it.sum)
		if err != nil {
			continue // told below, in order
		}
		it.raw = raw
	}
	for _, it := range w.batch {
		if err := w.emit(it); err != nil {
			return err
		}
	}
	w.batch, w.bytes = w.batch[:0], 0
	return nil
}

func (w *walk) emit(it item) error {
	var fields any
	if it.raw == nil || decoding.Unmarshal(it.raw, &fields) != nil || toObject(fields) == nil {
		w.badRecords++
		return w.skip(0, "the record "+clip(it.key)+" cannot be read")
	}
	return w.r.record(it.key, toObject(fields))
}

func (w *walk) skip(record int, reason string) error {
	w.r.Lose("")
	if w.skips++; w.skips > mostSkips {
		return nil
	}
	return w.r.Out.Skip(store.Skip{Member: w.member, Record: record, Reason: reason})
}

// report says what of the repository is not there.
func (w *walk) report() error {
	for _, n := range w.c.bad {
		if err := w.skip(n, "a block is damaged: it does not match its hash"); err != nil {
			return err
		}
	}
	if w.c.cut != nil {
		if err := w.skip(0, "the file ends too early or its rest is damaged"); err != nil {
			return err
		}
	}
	var missing []string
	for _, part := range []struct {
		n    int
		what string
	}{
		{w.noRecords, "record"}, {w.noNodes, "part of the list of records"}, {w.badRecords, "unreadable record"},
		{w.c.nBad, "damaged block"}, {w.disorder, "record out of order"},
	} {
		if part.n > 0 {
			missing = append(missing, count(part.n, part.what))
		}
	}
	if len(missing) == 0 && w.c.cut == nil {
		return nil
	}
	w.r.Lose("")
	if w.noNodes+w.noRecords > 0 || w.c.cut != nil {
		if err := w.r.Out.Fact(importer.Fact{Partial: true}); err != nil {
			return err
		}
	}
	text := "The repository is incomplete"
	if len(missing) > 0 {
		text += " (missing or damaged: " + strings.Join(missing, ", ") + ")"
	}
	return w.r.Note("repository-incomplete", w.member, text+": download the profile data again.")
}

// count writes a number with its noun.
func count(n int, noun string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case strings.HasSuffix(noun, "y"):
		return fmt.Sprintf("%d %sies", n, strings.TrimSuffix(noun, "y"))
	case strings.HasPrefix(noun, "part "):
		return fmt.Sprintf("%d parts %s", n, strings.TrimPrefix(noun, "part "))
	case strings.HasPrefix(noun, "record "):
		return fmt.Sprintf("%d records %s", n, strings.TrimPrefix(noun, "record "))
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
