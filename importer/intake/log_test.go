package intake_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"lookback/importer"
	"lookback/importer/importertest"
	"lookback/importer/intake"
	"lookback/importer/jsonstream"
	"lookback/store"

	"github.com/google/go-cmp/cmp"
)

func TestLogCountsLossesByScope(t *testing.T) {
	rec := &importertest.Recorder{}
	l := intake.NewLog(rec)
	if l.Lost() || l.Lost("post") {
		t.Error("something is lost before anything was read")
	}
	if err := errors.Join(l.Skip("post", "posts.json", 7, "is too large"), l.Fail("like", "likes.json", errors.New("broken"))); err != nil {
		t.Fatal(err)
	}
	l.Lose("bio")
	for scope, want := range map[string]bool{"post": true, "like": true, "bio": true, "comment": false} {
		if l.Lost(scope) != want {
			t.Errorf("%s: lost is %v", scope, !want)
		}
	}
	if !l.Lost() || !l.Lost("comment", "post") {
		t.Error("losses of several scopes are not seen")
	}
	want := []store.Skip{{Member: "posts.json", Record: 7, Reason: "is too large"}, {Member: "likes.json", Reason: "broken"}}
	if diff := cmp.Diff(want, rec.Skips); diff != "" {
		t.Error(diff)
	}
	if err := l.Fail("post", "a", context.Canceled); !errors.Is(err, context.Canceled) {
		t.Errorf("an interrupted import went on: %v", err)
	}
}

func TestReason(t *testing.T) {
	for want, err := range map[string]error{
		"is nested too deeply":        &jsonstream.RecordError{Err: jsonstream.ErrTooDeep},
		"the file ends in the middle": fmt.Errorf("x: %w", &jsonstream.RecordError{Err: jsonstream.ErrCut}),
		"the page ends in the middle": intake.ErrPageCut,
		"was not read to its end, for safety: it unpacks to more than an honest export does": fmt.Errorf("%w: %w", jsonstream.ErrCut, importer.ErrLimit),
		"cannot be read": errors.New("x"),
	} {
		if got := intake.Reason(err); got != want {
			t.Errorf("%v: %q", err, got)
		}
	}
}

func TestAltsArePostsOfTheirOwn(t *testing.T) {
	rec := &importertest.Recorder{}
	p := store.Post{
		Key: "post:1", Kind: store.KindPost, Own: true, Text: "walkies", Created: time.Unix(1700000000, 0).UTC(), Precision: store.PrecisionSecond,
		Audience: store.AudiencePublic, URL: "https://example.org/1", Place: "archive", Deleted: time.Unix(1800000000, 0).UTC(),
		Media: []store.Media{{}, {Alt: "  "}, {Alt: "my dog"}},
	}
	if err := intake.NewLog(rec).Post(p); err != nil {
		t.Fatal(err)
	}
	alt := p
	alt.Key, alt.Kind, alt.Text, alt.ReplyTo, alt.Media = "post:1#alt:3", store.KindAlt, "my dog", "post:1", nil
	if diff := cmp.Diff([]store.Post{p, alt}, rec.Posts); diff != "" {
		t.Error(diff)
	}
}

func TestRecognizeAndFind(t *testing.T) {
	type place struct{ layout string }
	damaged := errors.New("damaged")
	match := func(p *place) importer.Match { return importer.Match{Sure: 80, Layout: p.layout} }
	for name, c := range map[string]struct {
		p    *place
		err  error
		want importer.Match
		says string
	}{
		"its own": {&place{"a-2024"}, nil, importer.Match{Sure: 80, Layout: "a-2024"}, ""},
		"another": {nil, nil, importer.Match{}, "not an export of A"},
		"damaged": {nil, damaged, importer.Match{}, "damaged"},
	} {
		find := func(fs.FS) (*place, error) { return c.p, c.err }
		if got, err := intake.Recognize(fstest.MapFS{}, find, match); got != c.want || err != c.err {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		p, err := intake.Find(fstest.MapFS{}, "A", find)
		if p != c.p || (err == nil) != (c.says == "") || err != nil && err.Error() != c.says {
			t.Errorf("%s: %v, %v", name, p, err)
		}
	}
}

func TestSteps(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	taken := 0
	count := func() error { taken++; return nil }
	broken := errors.New("broken")
	if err := intake.Steps(ctx, count, func() error { return broken }, count); err != broken || taken != 1 {
		t.Errorf("%d steps, %v", taken, err)
	}
	if err := intake.Steps(ctx, count, func() error { stop(); return nil }, count); !errors.Is(err, context.Canceled) || taken != 2 {
		t.Errorf("%d steps, %v", taken, err)
	}
}

func TestHead(t *testing.T) {
	fsys := fstest.MapFS{
		"plain":  {Data: []byte("hello there")},
		"marked": {Data: []byte("\xEF\xBB\xBFhello")},
		"wide":   {Data: []byte("\xFF\xFEh\x00e\x00y\x00")},
	}
	for name, want := range map[string]string{"plain": "hello th", "marked": "hello", "wide": "hey", "absent": ""} {
		if got := string(intake.Head(fsys, name, 8)); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
