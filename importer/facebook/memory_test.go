package facebook_test

import (
	"fmt"
	"io/fs"
	"runtime"
	"testing"
	"testing/fstest"

	"lookback/importer"
	"lookback/importer/facebook"
	"lookback/importer/importertest"
	"lookback/store"
)

// made is a file system whose files are written while they are read.
type made struct {
	fstest.MapFS
	write map[string]func(n int) string // "" ends the file
}

func (m made) Open(name string) (fs.File, error) {
	f, err := m.MapFS.Open(name)
	if err != nil || m.write[name] == nil {
		return f, err
	}
	return &madeFile{File: f, write: m.write[name]}, nil
}

type madeFile struct {
	fs.File
	write func(n int) string
	rest  string
	n     int
}

func (f *madeFile) Read(p []byte) (int, error) {
	if f.rest == "" {
		if f.rest = f.write(f.n); f.rest == "" {
			return f.File.Read(p)
		}
		f.n++
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

// heap is a sink that measures what is live while posts arrive.
type heap struct {
	importertest.Recorder
	posts int
	most  uint64
}

func (h *heap) Post(store.Post) error {
	if h.posts++; h.posts%10_000 == 0 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		h.most = max(h.most, m.HeapAlloc)
	}
	return nil
}

// TestMemory reads 15,000 comments of JSON and 15,000 of pages.
func TestMemory(t *testing.T) {
	const n = 15_000
	const jsonName, pageName = activity + "comments_and_reactions/comments.json", activity + "comments_and_reactions/comments.html"
	fsys := made{
		MapFS: archive(map[string]string{jsonName: "", pageName: ""}),
		write: map[string]func(int) string{
			jsonName: func(i int) string {
				switch {
				case i == 0:
					return `{"comments_v2":[`
				case i <= n:
					return fmt.Sprintf(`{"timestamp":%d,"data":[{"comment":{"comment":"comment number %d"}}]},`, 1200000000+i*3600, i)
				case i == n+1:
					return `]}`
				}
				return ""
			},
			pageName: func(i int) string {
				switch {
				case i == 0:
					return `<html><head><title>t</title></head><body><div role="main">`
				case i <= n:
					return box("Ana", "Jul 26, 2024 1:35:01pm", "", fmt.Sprintf("<div>another comment %d</div>", i))
				case i == n+1:
					return `</div></body></html>`
				}
				return ""
			},
		},
	}
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	out := &heap{}
	err := facebook.New().Import(t.Context(), fsys, importer.Options{}, out)
	if err != nil || out.posts != 2*n || len(out.Skips) > 0 {
		t.Fatalf("%d posts, skips %v, %v", out.posts, out.Skips, err)
	}
	if grown := int64(out.most) - int64(before.HeapAlloc); grown > 16<<20 {
		t.Errorf("%d MB live", grown>>20)
	} else {
		t.Logf("%d MB live", grown>>20)
	}
}
