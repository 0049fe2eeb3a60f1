// Package synth writes synthetic X archives: invented posts of an invented
// person, in exactly the shape in which X hands them out today. The same
// options give the same bytes. It is for demonstrations, tests and
// measurements, and no part of lookback itself imports it.
package synth

import (
	"archive/zip"
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/klauspost/compress/flate"
)

// MaxPosts is the most posts that one archive can have: ids would begin to
// repeat beyond it.
const MaxPosts = 4_000_000

// Options choose an archive.
type Options struct {
	Posts int    // in the account; a later export has some fewer, some more
	Seed  uint64 // another seed is another person
	Demo  bool   // the person of `make demo`
	// Newer makes a later export of the same account: most of what was worth
	// removing is gone, and some posts are new.
	Newer bool
	// PartSize is how many bytes tweets.js may have before X goes on in
	// tweets-part1.js; 0 is X's own limit, a negative number no limit.
	PartSize int64
	Labels   io.Writer // CSV of what was planted; may be nil
	Lines    io.Writer // JSON Lines for `lookback check`; may be nil
}

// Stats is what was written.
type Stats struct {
	Posts    int // distinct posts, without earlier versions of edited ones
	Rows     int // entries of tweets.js
	Likes    int
	Messages int
	Notes    int
	Planted  int
	Gone     int // posts of the first export that the later one lacks
	Parts    int
}

const partSize = 104_857_600

// archive is one zip while it is written.
type archive struct {
	o      Options
	m      *maker
	zip    *zip.Writer
	labels *csv.Writer
	lines  *bufio.Writer
	w      pretty
	out    *bufio.Writer // the open member
	files  []file        // for the manifest
	stats  Stats
}

// file is one member as the manifest names it.
type file struct {
	kind, name, global string // "tweets", "data/tweets.js", "YTD.tweets.part0"
	count              int
}

// Write writes one archive as a zip. It streams: memory does not grow with
// the number of posts.
func Write(w io.Writer, o Options) (Stats, error) {
	if o.Posts < 0 || o.Posts > MaxPosts {
		return Stats{}, fmt.Errorf("the number of posts must be between 0 and %d", MaxPosts)
	}
	g, err := loadGrammar()
	if err != nil {
		return Stats{}, err
	}
	if o.PartSize == 0 {
		o.PartSize = partSize
	}
	a := &archive{o: o, m: newMaker(g, o), zip: zip.NewWriter(w)}
	a.zip.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, 6) })
	if o.Labels != nil {
		a.labels = csv.NewWriter(o.Labels)
		a.label("member", "id", "kind", "theme", "action")
	}
	if o.Lines != nil {
		a.lines = bufio.NewWriterSize(o.Lines, 1<<16)
	}
	err = errors.Join(a.write(), a.finish())
	return a.stats, err
}

func (a *archive) finish() error {
	var errs []error
	if a.labels != nil {
		a.labels.Flush()
		errs = append(errs, a.labels.Error())
	}
	if a.lines != nil {
		errs = append(errs, a.lines.Flush())
	}
	return errors.Join(append(errs, a.zip.Close())...)
}

func (a *archive) write() error {
	for _, step := range []func() error{
		a.frontMatter, a.person, a.tweets, a.notes, a.likes, a.messages, a.empties, a.photos, a.manifest,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// made is when the export was made.
func (a *archive) made() time.Time {
	if a.o.Newer {
		return newerMade
	}
	return made
}

// total is one more than the highest number of a post.
func (a *archive) total() int {
	if a.o.Newer {
		return a.o.Posts + a.o.Posts/50 + 1
	}
	return a.o.Posts
}

// order is the number of the k-th post in the file. Like X's own files it is
// in no order of time: runs of neighbours, newest first, the runs shuffled.
func (a *archive) order(k int) int {
	const run = 64
	total := a.total()
	whole := total / run
	if k >= whole*run {
		return k
	}
	stride := 611_953 // a prime; where it divides whole, runs would repeat
	if whole%stride == 0 {
		stride = 1
	}
	return (k/run*stride%whole)*run + run - 1 - k%run
}

// member begins a member of the zip with the export's own time.
func (a *archive) member(name string) (io.Writer, error) {
	return a.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: a.made()})
}

func (a *archive) text(name, body string) error {
	w, err := a.member(name)
	if err == nil {
		_, err = io.WriteString(w, body)
	}
	return err
}

// ytd writes one `window.YTD...` file whose entries f writes and counts, and
// notes it for the manifest. f calls entry after each of them.
func (a *archive) ytd(kind, name, global string, f func() (int, error)) error {
	w, err := a.member("data/" + name + ".js")
	if err != nil {
		return err
	}
	a.out = bufio.NewWriterSize(w, 1<<16)
	a.w = pretty{buf: append(a.w.buf[:0], "window."+global+" = "...)}
	a.w.open("", '[')
	n, err := f()
	if err != nil {
		return err
	}
	a.w.close(']')
	a.files = append(a.files, file{kind: kind, name: "data/" + name + ".js", global: global, count: n})
	if _, err := a.entry(); err != nil {
		return err
	}
	return a.out.Flush()
}

// entry hands what the buffer holds on to the open member.
func (a *archive) entry() (int, error) {
	n, err := a.out.Write(a.w.buf)
	a.w.buf = a.w.buf[:0]
	return n, err
}

func (a *archive) label(row ...string) {
	if a.labels != nil {
		_ = a.labels.Write(row) // kept by the writer and reported by Error
	}
}

// line writes one post for `lookback check`.
func (a *archive) line(id, kind, text string) {
	if a.lines == nil {
		return
	}
	b, err := json.Marshal(struct {
		ID   string `json:"id"`
		Kind string `json:"kind"`
		Text string `json:"text"`
	}{id, kind, text})
	if err == nil {
		_, _ = a.lines.Write(append(b, '\n')) // kept by the writer and reported by Flush
	}
}

func num(n int64) string { return strconv.FormatInt(n, 10) }
