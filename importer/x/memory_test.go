package x

import (
	"bytes"
	"io/fs"
	"runtime"
	"testing"
	"testing/fstest"

	"lookback/importer"
	"lookback/store"
)

// repeated is a file system whose tweets.js holds the same posts many times
// over without holding them in memory.
type repeated struct {
	fstest.MapFS
	once  []byte
	times int
}

func (r repeated) Open(name string) (fs.File, error) {
	f, err := r.MapFS.Open(name)
	if err != nil || name != "data/tweets.js" {
		return f, err
	}
	return &repeatedFile{File: f, r: r, rest: []byte("window.YTD.tweets.part0 = [")}, nil
}

type repeatedFile struct {
	fs.File
	r    repeated
	rest []byte
	n    int
}

func (f *repeatedFile) Read(p []byte) (int, error) {
	if len(f.rest) == 0 {
		if f.n++; f.n > f.r.times {
			return f.File.Read(p)
		}
		f.rest = f.r.once
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

// heap is a sink that measures what is live while posts arrive.
type heap struct {
	discard
	most uint64
}

func (h *heap) Post(p store.Post) error {
	if h.posts%10_000 == 0 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		h.most = max(h.most, m.HeapAlloc)
	}
	return h.discard.Post(p)
}

// TestMemory reads 80,000 posts and wants no more memory than for a few.
func TestMemory(t *testing.T) {
	once := bytes.TrimSuffix(bigTweets(500), []byte("\n]"))
	once = append(once, ',')
	head := bytes.IndexByte(once, '[') + 1
	first := fstest.MapFS{"data/tweets.js": {Data: []byte("]")}} // after the posts
	fsys := repeated{MapFS: first, once: once[head:], times: 160}

	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	out := &heap{}
	err := New().Import(t.Context(), fsys, importer.Options{}, out)
	if err != nil || out.posts != 80_000 {
		t.Fatalf("%d posts, %v", out.posts, err)
	}
	if grown := int64(out.most) - int64(before.HeapAlloc); grown > 16<<20 {
		t.Errorf("%d MB live", grown>>20)
	}
}
