package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// benchWords makes text that compresses and indexes like real text: a few
// words often, many words seldom.
var benchWords = func() []string {
	r := rand.New(rand.NewPCG(1, 2))
	list := make([]string, 20_000)
	for i := range list {
		b := make([]byte, 2+r.IntN(8))
		for j := range b {
			b[j] = "etaoinshrdlucmfwypvbgkjqxz"[min(r.IntN(26), r.IntN(26))]
		}
		list[i] = string(b)
	}
	return list
}()

// benchPost returns the i-th post of an account of 14 years: 110 bytes of text
// on average.
func benchPost(r *rand.Rand, i int) Post {
	var sb strings.Builder
	for range 10 + r.IntN(18) {
		n := r.IntN(len(benchWords))
		sb.WriteString(benchWords[n*n/len(benchWords)*n/len(benchWords)])
		sb.WriteByte(' ')
	}
	id := 1_790_000_000_000_000_000 - int64(i)*401_000_000
	p := Post{
		Key: fmt.Sprintf("tweet:%d", id), Kind: KindPost, Own: true, Text: sb.String(), Audience: AudiencePublic,
		Created: time.Unix(1_750_000_000-int64(i)*400, 0), URL: fmt.Sprintf("https://x.com/someone/status/%d", id),
	}
	switch i % 10 {
	case 0, 1, 2:
		p.Kind, p.ReplyTo, p.ReplyToAuthor = KindReply, fmt.Sprintf("tweet:%d", id-5), "somebody"
	case 3:
		p.Kind, p.Own, p.Author, p.Truncated = KindRepost, false, "another", i%20 == 3
	}
	if i%8 == 0 {
		p.Media = []Media{{Member: fmt.Sprintf("data/tweets_media/%d-a.jpg", id), Type: "photo"}}
	}
	return p
}

func benchImport(b *testing.B, s *Store, digest string, n int) (load, finish time.Duration) {
	b.Helper()
	ctx := context.Background()
	r := rand.New(rand.NewPCG(7, 7))
	posts := make([]Post, n)
	for i := range posts {
		posts[i] = benchPost(r, i)
	}
	b.ResetTimer()
	b.StartTimer() // a first import may have stopped it
	start := time.Now()
	im, err := s.BeginImport(ctx, Archive{Name: "bench.zip", Digest: digest, Platform: "x", Generated: time.Unix(1_750_000_000, 0)})
	if err != nil {
		b.Fatal(err)
	}
	if err := im.Account(Account{NativeID: "1", Handle: "someone"}); err != nil {
		b.Fatal(err)
	}
	for i := range posts {
		if err := im.Post(posts[i]); err != nil {
			b.Fatal(err)
		}
	}
	stored := make(chan struct{})
	if err := im.flush(); err != nil {
		b.Fatal(err)
	}
	if err := im.send(func() error { defer close(stored); return im.w.commit() }); err != nil {
		b.Fatal(err)
	}
	<-stored
	load = time.Since(start)
	if _, err := im.Finish(ctx); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	return load, time.Since(start)
}

func benchStore(b *testing.B) *Store {
	b.Helper()
	s, err := Open(context.Background(), filepath.Join(b.TempDir(), "bench.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return s
}

func perSecond(b *testing.B, d time.Duration, unit string) {
	b.ReportMetric(float64(b.N)/d.Seconds(), unit)
}

// BenchmarkImport stores b.N posts: -benchtime 1000000x for a large archive.
func BenchmarkImport(b *testing.B) {
	s := benchStore(b)
	load, all := benchImport(b, s, "d1", b.N)
	perSecond(b, load, "stored/s")
	perSecond(b, all, "indexed/s")
}

// BenchmarkImportAgain stores a newer archive with the same posts.
func BenchmarkImportAgain(b *testing.B) {
	s := benchStore(b)
	benchImport(b, s, "d1", b.N)
	_, all := benchImport(b, s, "d2", b.N)
	perSecond(b, all, "posts/s")
}

// BenchmarkUnscanned reads b.N posts as a scan does.
func BenchmarkUnscanned(b *testing.B) {
	s := benchStore(b)
	benchImport(b, s, "d1", b.N)
	b.ReportAllocs()
	b.ResetTimer()
	b.StartTimer()
	n := 0
	for batch, err := range s.Unscanned(context.Background(), "r") {
		if err != nil {
			b.Fatal(err)
		}
		n += len(batch)
	}
	if n != b.N {
		b.Fatalf("read %d posts, want %d", n, b.N)
	}
	perSecond(b, b.Elapsed(), "posts/s")
}

// BenchmarkPutScanned stores the scan of b.N posts of which 2 % have a
// finding, and then reads those.
func BenchmarkPutScanned(b *testing.B) {
	s := benchStore(b)
	benchImport(b, s, "d1", b.N)
	ctx := context.Background()
	b.ResetTimer()
	b.StartTimer()
	var put time.Duration
	found := 0
	for batch, err := range s.Unscanned(ctx, "r") {
		if err != nil {
			b.Fatal(err)
		}
		scanned := make([]Scanned, len(batch))
		for i := range batch {
			scanned[i].PostID = batch[i].ID
			if batch[i].ID%50 == 0 {
				found++
				scanned[i].Findings = []Finding{{Rule: "a.b.c", Theme: "a.b", Standards: []string{"5.1"}, Action: ActionReview, Confidence: 0.5,
					Spans: []Span{{0, 4}}, Why: strings.Repeat("why ", 20), Advice: strings.Repeat("advice ", 20)}}
			}
		}
		start := time.Now()
		if err := s.PutScanned(ctx, "r", scanned); err != nil {
			b.Fatal(err)
		}
		put += time.Since(start)
	}
	perSecond(b, put, "put/s")
	start := time.Now()
	n := 0
	for _, err := range s.Findings(ctx, Filter{}) {
		if err != nil {
			b.Fatal(err)
		}
		n++
	}
	if n != found {
		b.Fatalf("%d rows, want %d", n, found)
	}
	b.ReportMetric(float64(n)/time.Since(start).Seconds(), "rows/s")
	start = time.Now()
	if _, err := s.Summary(ctx, "r"); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(time.Since(start).Milliseconds()), "summary-ms")
}

// BenchmarkFindings reads b.N flagged posts as a report does.
func BenchmarkFindings(b *testing.B) {
	s := benchStore(b)
	benchImport(b, s, "d1", b.N)
	ctx := context.Background()
	for batch, err := range s.Unscanned(ctx, "r") {
		if err != nil {
			b.Fatal(err)
		}
		scanned := make([]Scanned, len(batch))
		for i := range batch {
			scanned[i].PostID = batch[i].ID
			f := Finding{Rule: "a.b.c", Theme: "a.b", Standards: []string{"5.1", "2.12"}, Action: ActionReview, Confidence: float64(i%10) / 10,
				Spans: []Span{{0, 4}}, Why: strings.Repeat("why ", 20), Advice: strings.Repeat("advice ", 20)}
			scanned[i].Findings = []Finding{f}
		}
		if err := s.PutScanned(ctx, "r", scanned); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	b.ResetTimer()
	b.StartTimer()
	n := 0
	for _, err := range s.Findings(ctx, Filter{}) {
		if err != nil {
			b.Fatal(err)
		}
		n++
	}
	if n != b.N {
		b.Fatalf("%d rows, want %d", n, b.N)
	}
	perSecond(b, b.Elapsed(), "rows/s")
}
