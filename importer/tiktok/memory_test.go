package tiktok

import (
	"io"
	"runtime"
	"strings"
	"testing"
)

// repeated is a JSON file with a long history before its comments, made
// while it is read.
func repeated(records int) io.Reader {
	once := strings.Repeat(`{"Date":"2024-03-01 10:00:00","Link":"https://www.tiktokv.com/share/video/7200000000000000099/"},`, 1000)
	parts := []io.Reader{strings.NewReader(`{"Your Activity":{"Watch History":{"VideoList":[`)}
	for range records / 1000 {
		parts = append(parts, strings.NewReader(once))
	}
	parts = append(parts, strings.NewReader(`{}]}},"Comment":{"Comments":{"CommentsList":[`))
	comments := strings.ReplaceAll(once, "Link", "comment")
	for range records / 1000 {
		parts = append(parts, strings.NewReader(comments))
	}
	return io.MultiReader(append(parts, strings.NewReader(`]}}}`))...)
}

// TestMemory walks through 38 MB and wants no more memory than for a record.
func TestMemory(t *testing.T) {
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	taken, file := 0, repeated(200_000)
	err := walk(file, choose(contentPlaces), func(_ []string, raw []byte, err error) error {
		if taken++; taken%100_000 == 1 {
			runtime.GC()
			runtime.ReadMemStats(&now)
			if grown := int64(now.HeapAlloc) - int64(before.HeapAlloc); grown > 8<<20 {
				t.Errorf("%d MB live after %d records", grown>>20, taken)
			}
		}
		return err
	})
	if err != nil || taken != 200_000 {
		t.Errorf("%d records, %v", taken, err)
	}
}
