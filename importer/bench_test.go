package importer_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"testing"

	"lookback/importer"
	"lookback/importer/importertest"

	"github.com/klauspost/compress/flate"
)

// BenchmarkMember reads a member as an importer does, beside what inflating
// it alone costs.
func BenchmarkMember(b *testing.B) {
	var body bytes.Buffer
	for i := range 200_000 {
		fmt.Fprintf(&body, `{"id":"%d","text":"note %d about the weather in March"},`, i*7919, i)
	}
	data := importertest.Zip(file{Name: "data/tweets.js", Data: body.Bytes()})
	b.Run("inflate", func(b *testing.B) {
		r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			b.Fatal(err)
		}
		raw, err := r.File[0].OpenRaw()
		if err != nil {
			b.Fatal(err)
		}
		packed, err := io.ReadAll(raw)
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(body.Len()))
		for b.Loop() {
			if _, err := io.Copy(io.Discard, flate.NewReader(bytes.NewReader(packed))); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("archive", func(b *testing.B) {
		b.SetBytes(int64(body.Len()))
		for b.Loop() {
			a, err := importer.OpenReader(b.Context(), "a.zip", bytes.NewReader(data), int64(len(data)), nil)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := readAll(a.FS(), "data/tweets.js"); err != nil {
				b.Fatal(err)
			}
			a.Close()
		}
	})
}
