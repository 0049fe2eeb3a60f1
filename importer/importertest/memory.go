package importertest

import (
	"flag"
	"io"
	"io/fs"
	"maps"
	"runtime"
	"slices"
	"testing"
	"testing/fstest"

	"lookback/importer"
	"lookback/store"
)

var megabytes = flag.Int("megabytes", 16, "how much of each format the tests of memory read")

// A Stream is a member that is written while it is read, so that a test can
// read more than it could hold.
type Stream struct {
	Name       string
	Head, Tail string
	Record     func(i int) string // the i-th record, from 0, with what separates it from the one before
}

// Memory imports an archive of small files and of streams, and fails where
// what is live ever grows by more than a few megabytes: no importer may hold
// a member as a whole. Every record must give a post. -megabytes sets how much
// the streams hold together.
func Memory(t *testing.T, imp importer.Importer, opts importer.Options, small []File, streams ...Stream) {
	t.Helper()
	out := &counter{}
	w := &watch{FS: MapFS(small), streams: map[string]Stream{}}
	w.each = *megabytes << 20 / len(streams)
	for _, s := range streams {
		w.streams[s.Name] = s
		w.FS.(fstest.MapFS)[s.Name] = &fstest.MapFile{Mode: 0o600}
	}
	if m, err := imp.Recognize(w); err != nil || m.Sure < 50 {
		t.Fatalf("not recognised: %+v, %v", m, err)
	}
	each := w.each
	w.each = 64 << 10 // what is made once, such as tables of names, is made now
	if err := imp.Import(t.Context(), w, opts, &counter{}); err != nil {
		t.Fatal(err)
	}
	w.each = each
	before := live()
	w.look = func() { w.most = max(w.most, live()) }
	if err := imp.Import(t.Context(), w, opts, out); err != nil {
		t.Fatal(err)
	}
	runtime.KeepAlive(out)
	records := 0
	for _, name := range slices.Sorted(maps.Keys(w.streams)) {
		records += w.records[name]
	}
	if out.skips > 0 || out.posts < records {
		t.Errorf("%d posts of %d records, %d skips", out.posts, records, out.skips)
	}
	// Importers remember keys of twelve bytes, two of them a record at most, to
	// know what comes twice. A few thousand records are on their way at a time.
	grown, allowed := int64(w.most)-int64(before), int64(10<<20+25*records)
	if allowed >= int64(*megabytes)<<20 {
		t.Fatalf("%d records are so small that a whole file would not show", records)
	}
	t.Logf("%d MB, %d records: %.1f MB live", *megabytes, records, float64(grown)/(1<<20))
	if grown > allowed {
		t.Errorf("%d MB live while %d MB were read, and no more than %d allowed", grown>>20, *megabytes, allowed>>20)
	}
}

func live() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// watch is a file system with streams in it.
type watch struct {
	fs.FS
	streams map[string]Stream
	each    int // bytes
	records map[string]int
	look    func() // takes the measure, once the import has begun
	most    uint64
	read    int
}

func (w *watch) Open(name string) (fs.File, error) {
	f, err := w.FS.Open(name)
	s, ok := w.streams[name]
	if err != nil || !ok {
		return f, err
	}
	return &streamed{File: f, w: w, s: s, rest: s.Head}, nil
}

type streamed struct {
	fs.File
	w       *watch
	s       Stream
	rest    string
	n, size int
	done    bool
}

func (f *streamed) Read(p []byte) (int, error) {
	for f.rest == "" {
		switch {
		case f.done:
			return 0, io.EOF
		case f.size >= f.w.each:
			f.done, f.rest = true, f.s.Tail
			if f.w.records == nil {
				f.w.records = map[string]int{}
			}
			f.w.records[f.s.Name] = f.n
		default:
			f.rest = f.s.Record(f.n)
			f.n++
			f.size += len(f.rest)
		}
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	if f.w.read += n; f.w.read > f.w.each/16 && f.w.look != nil {
		f.w.read = 0
		f.w.look()
	}
	return n, nil
}

// counter is a sink that keeps nothing.
type counter struct{ posts, skips int }

func (c *counter) Account(store.Account) error { return nil }
func (c *counter) Fact(importer.Fact) error    { return nil }

func (c *counter) Post(store.Post) error {
	c.posts++
	return nil
}

func (c *counter) Skip(store.Skip) error {
	c.skips++
	return nil
}
