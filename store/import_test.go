package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// full has every field of a post.
func full() Post {
	return Post{
		Key: "tweet:1", Kind: KindReply, Own: true, Text: "warning\n\ntext with \x00 and 🙂", ContentWarning: "warning",
		Created: at(2012), Precision: PrecisionMinute, Audience: AudienceFollowers, URL: "https://x.com/1", ReplyTo: "tweet:0",
		ReplyToAuthor: "bob", Quoted: "https://x.com/2", Thread: "tweet:0", Place: "a group", Truncated: true, Deleted: at(2013),
		Edited: at(2014), Versions: []Version{{Key: "tweet:1a", Text: "first", Created: at(2011)}},
		Media: []Media{{Member: "m/1.jpg", Type: "photo", URL: "https://x.com/p", Alt: "a cat"}},
	}
}

func TestImportKeepsEveryField(t *testing.T) {
	s := openStore(t)
	a := take(t, s, export{archive: Archive{Digest: "d", Generated: at(2020), Size: 7}, account: anna, posts: []Post{full(), own("tweet:2", "short")}})
	if a.Posts != 2 || a.Added != 2 || a.Updated != 0 || a.Gone != 0 || a.AccountID == 0 {
		t.Errorf("counts are wrong: %+v", a)
	}
	got := allPosts(t, s)
	if d := cmp.Diff(full(), got["tweet:1"], cmpopts.IgnoreFields(Post{}, "ID", "AccountID"), cmpopts.IgnoreFields(Version{}, "ID")); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(own("tweet:2", "short"), got["tweet:2"], cmpopts.IgnoreFields(Post{}, "ID", "AccountID"), cmpopts.IgnoreFields(Version{}, "ID")); d != "" {
		t.Error(d)
	}
}

func TestImportAgainAddsNothing(t *testing.T) {
	s := openStore(t)
	e := export{archive: Archive{Digest: "d"}, account: anna, scopes: []string{"tweet:"}}
	for i := range 1500 {
		e.posts = append(e.posts, own(fmt.Sprint("tweet:", i), fmt.Sprint("post ", i)))
	}
	// A record twice, the second time with more.
	twice := e.posts[3]
	twice.URL, twice.Media = "https://x.com/3", []Media{{Member: "3.jpg"}}
	other := full()
	other.Key = "tweet:full"
	e.posts = append(e.posts, twice, other)
	if a := take(t, s, e); a.Posts != 1501 || a.Added != 1501 || a.Updated != 1 {
		t.Errorf("first import: %+v", a)
	}
	before := dump(t, s)
	for range 2 {
		if a := take(t, s, e); a.Posts != 1501 || a.Added != 0 || a.Updated != 0 || a.Gone != 0 {
			t.Errorf("again: %+v", a)
		}
	}
	if d := cmp.Diff(before, dump(t, s)); d != "" {
		t.Error(d)
	}
	if p := allPosts(t, s)["tweet:3"]; p.URL != "https://x.com/3" || len(p.Media) != 1 || p.Text != "post 3" {
		t.Errorf("the second record added nothing: %+v", p)
	}
}

func TestImportMerge(t *testing.T) {
	year := func(y int, p Post) export {
		return export{archive: Archive{Digest: fmt.Sprint(y, p), Generated: at(y)}, account: anna, posts: []Post{p}}
	}
	trimmed := Post{Key: "tweet:1", Kind: KindReply, Own: true, Text: "warning\n\ntext", Truncated: true}
	longer := full()
	longer.Text, longer.Truncated = "warning\n\ntext with \x00 and 🙂 and all the rest", false
	fixed := full()
	fixed.Text = "warning\n\nanother text, mended"
	moreParts := full()
	moreParts.Media = []Media{{Member: "new/1.jpg", Type: "photo", URL: "https://x.com/p", Alt: "another"}, {URL: "https://x.com/q", Type: "video"}}
	moreParts.Versions = []Version{{Key: "tweet:1b", Text: "second", Created: at(2012)}}
	united := full()
	united.Media = append(united.Media, moreParts.Media[1])
	united.Versions = append(united.Versions, moreParts.Versions[0])
	exact := full()
	exact.Precision, exact.Created = PrecisionSecond, at(2012).Add(7*time.Second)
	noAlt, withAlt := full(), full()
	noAlt.Media = []Media{{Member: "m/1.jpg", Type: "photo", URL: "https://x.com/p"}}

	for _, tc := range []struct {
		name    string
		first   export
		second  export
		want    Post
		updated int
	}{
		{"newer wins", year(2018, full()), year(2020, fixed), fixed, 1},
		{"older does not", year(2020, fixed), year(2018, full()), fixed, 0},
		{"same date: the later import wins", year(2020, full()), year(2020, fixed), fixed, 1},
		{"newer but trimmed erases nothing", year(2018, longer), year(2020, trimmed), longer, 0},
		{"older fills gaps", year(2020, Post{Key: "tweet:1", Kind: KindReply, Own: true, Text: full().Text, Truncated: true}), year(2018, full()), full(), 1},
		{"older has the whole text", year(2020, full()), year(2018, longer), longer, 1},
		{"parts are united", year(2018, full()), year(2020, moreParts), united, 1},
		{"parts are united from older", year(2020, full()), year(2018, moreParts), united, 1},
		{"the better time wins", year(2018, exact), year(2020, full()), exact, 0},
		{"a description is filled in", year(2018, noAlt), year(2020, withAlt), withAlt, 1},
		{"unknown date is old", year(2020, fixed), export{archive: Archive{Digest: "?"}, account: anna, posts: []Post{full()}}, fixed, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := openStore(t)
			take(t, s, tc.first)
			a := take(t, s, tc.second)
			got := allPosts(t, s)
			if d := cmp.Diff(tc.want, got["tweet:1"], cmpopts.IgnoreFields(Post{}, "ID", "AccountID"), cmpopts.IgnoreFields(Version{}, "ID")); d != "" {
				t.Error(d)
			}
			if len(got) != 1 || a.Added != 0 || a.Updated != tc.updated {
				t.Errorf("%d posts, %+v", len(got), a)
			}
		})
	}
}

// A newer archive that finds a post unchanged writes nothing to it, and still
// protects it from an archive between the two.
func TestImportBetween(t *testing.T) {
	s := openStore(t)
	e := func(y int, text string) export {
		return export{archive: Archive{Digest: fmt.Sprint(y), Generated: at(y)}, account: anna, posts: []Post{own("tweet:1", text)}}
	}
	take(t, s, e(2018, "first and last"))
	take(t, s, e(2022, "first and last"))
	if a := take(t, s, e(2020, "between")); a.Updated != 0 {
		t.Errorf("updated %d", a.Updated)
	}
	if got := allPosts(t, s)["tweet:1"].Text; got != "first and last" {
		t.Errorf("text is %q", got)
	}
}

func TestImportChangeClearsScan(t *testing.T) {
	s := openStore(t)
	e := export{archive: Archive{Digest: "1", Generated: at(2018)}, account: anna,
		posts: []Post{own("tweet:1", "bad words"), own("tweet:2", "bad words"), own("tweet:3", "good words")}}
	take(t, s, e)
	scanAll(t, s, "r1")
	e.archive.Digest, e.archive.Generated = "2", at(2019)
	e.posts = []Post{own("tweet:1", "kind words"), own("tweet:2", "bad words"), own("tweet:3", "good words")}
	e.posts[1].URL = "https://x.com/2" // no scan looks at it
	if a := take(t, s, e); a.Updated != 2 {
		t.Errorf("updated %d, want 2", a.Updated)
	}
	if n, err := s.CountUnscanned(t.Context(), "r1"); n != 1 || err != nil {
		t.Errorf("%d unscanned, %v; want 1", n, err)
	}
	if got := find(t, s, Filter{}); !slices.Equal(got, []string{"tweet:2"}) {
		t.Errorf("flagged: %v", got)
	}
	if got := find(t, s, Filter{Text: "kind"}); len(got) != 0 {
		t.Errorf("flagged: %v", got)
	}
	for q, want := range map[string]string{"kind": "1", "bad": "1", "words": "3"} {
		if got := query(t, s, "SELECT count(*) FROM posts_fts(?)", q); got[0] != want {
			t.Errorf("the index has %q %s times, want %s", q, got[0], want)
		}
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// Another bio is scanned itself; the account's other posts are not unless it
// matters to them who the owner is: see Again.
func TestImportNewBio(t *testing.T) {
	s := openStore(t)
	bio := Post{Key: "bio", Kind: KindBio, Own: true, Text: "cat lover"}
	take(t, s, export{archive: Archive{Digest: "1", Generated: at(2018)}, account: anna, posts: []Post{own("tweet:1", "x"), bio}})
	take(t, s, export{archive: Archive{Digest: "o"}, account: Account{NativeID: "2"}, posts: []Post{own("tweet:1", "x")}})
	scanAll(t, s, "r1")
	bio.Text = "student paramedic"
	take(t, s, export{archive: Archive{Digest: "2", Generated: at(2019)}, account: anna, posts: []Post{own("tweet:1", "x"), bio}})
	if n, err := s.CountUnscanned(t.Context(), "r1"); n != 1 || err != nil {
		t.Errorf("%d unscanned, %v; want the bio", n, err)
	}
	authors, err := s.Authors(t.Context())
	if err != nil || len(authors) != 2 || !slices.Equal(authors[0].Bios, []string{"student paramedic"}) || authors[1].Bios != nil {
		t.Errorf("authors: %+v, %v", authors, err)
	}
}

func TestGone(t *testing.T) {
	all := []string{"tweet:"}
	e := func(y int, scopes []string, keys ...string) export {
		x := export{archive: Archive{Name: fmt.Sprint(y), Digest: fmt.Sprint(y, keys), Generated: at(y)}, account: anna, scopes: scopes}
		for _, k := range keys {
			x.posts = append(x.posts, own(k, k))
		}
		return x
	}
	for _, tc := range []struct {
		name    string
		exports []export
		want    map[string]string // by key: name of the archive that was the first to lack it
	}{
		{"lacked by a newer one", []export{e(2018, all, "tweet:1", "tweet:2"), e(2020, all, "tweet:2")}, map[string]string{"tweet:1": "2020"}},
		{"the first that lacked it", []export{e(2018, all, "tweet:1"), e(2019, all, "tweet:2"), e(2020, all, "tweet:2")}, map[string]string{"tweet:1": "2019"}},
		{"there again", []export{e(2018, all, "tweet:1"), e(2019, all, "tweet:2"), e(2020, all, "tweet:1", "tweet:2")}, map[string]string{}},
		{"there again and gone", []export{e(2018, all, "tweet:1"), e(2019, all), e(2020, all, "tweet:1"), e(2021, all)}, map[string]string{"tweet:1": "2021"}},
		{"a partial archive says nothing", []export{e(2018, all, "tweet:1"), e(2020, nil, "tweet:2")}, map[string]string{}},
		{"another scope says nothing", []export{e(2018, all, "tweet:1", "like:1"), e(2020, []string{"like:"}, "tweet:2")}, map[string]string{"like:1": "2020"}},
		{"only in the newest", []export{e(2018, all), e(2020, all, "tweet:1")}, map[string]string{}},
		{"only in the middle", []export{e(2018, all, "tweet:2"), e(2019, nil, "tweet:1"), e(2020, all, "tweet:2")}, map[string]string{"tweet:1": "2020"}},
		{"same date", []export{e(2018, all, "tweet:1"), e(2018, all, "tweet:2")}, map[string]string{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for order := range permutations(len(tc.exports)) {
				s := openStore(t)
				for _, i := range order {
					take(t, s, tc.exports[i])
				}
				got := map[string]string{}
				for _, l := range query(t, s, "SELECT p.key || ' ' || r.name FROM posts p JOIN archives r ON r.id = p.gone_archive") {
					key, name, _ := strings.Cut(l, " ")
					got[key] = name
				}
				if d := cmp.Diff(tc.want, got); d != "" {
					t.Errorf("in the order %v: %s", order, d)
				}
			}
		})
	}
}

// permutations yields every order of n things.
func permutations(n int) func(yield func([]int) bool) {
	return func(yield func([]int) bool) {
		var walk func(done, left []int) bool
		walk = func(done, left []int) bool {
			if len(left) == 0 {
				return yield(done)
			}
			for i := range left {
				if !walk(append(slices.Clone(done), left[i]), slices.Delete(slices.Clone(left), i, i+1)) {
					return false
				}
			}
			return true
		}
		list := make([]int, n)
		for i := range list {
			list[i] = i
		}
		walk(nil, list)
	}
}

func TestGoneCount(t *testing.T) {
	s := openStore(t)
	e := export{archive: Archive{Digest: "1", Generated: at(2018)}, account: anna, scopes: []string{"tweet:"},
		posts: []Post{own("tweet:1", "bad"), own("tweet:2", "bad")}}
	take(t, s, e)
	scanAll(t, s, "r")
	e.archive.Digest, e.archive.Generated, e.posts = "2", at(2019), e.posts[:1]
	if a := take(t, s, e); a.Gone != 1 {
		t.Errorf("gone: %d, want 1", a.Gone)
	}
	if got := find(t, s, Filter{}); !slices.Equal(got, []string{"tweet:1"}) {
		t.Errorf("flagged: %v", got)
	}
	if got := find(t, s, Filter{IncludeGone: true}); len(got) != 2 {
		t.Errorf("flagged, with those that are gone: %v", got)
	}
	sum, err := s.Summary(t.Context(), "r")
	if err != nil || sum.Gone != 1 || sum.Flagged.Review != 1 {
		t.Errorf("summary: %+v, %v", sum, err)
	}
}

func TestKnownArchive(t *testing.T) {
	s := openStore(t, ReadBy("1.0"))
	ctx := t.Context()
	known := func(s *Store, digest string, messages bool) bool {
		t.Helper()
		_, ok, err := s.KnownArchive(ctx, digest, messages)
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	if known(s, "d", false) || known(s, "", false) {
		t.Error("an archive that was never read is known")
	}
	im, err := s.BeginImport(ctx, Archive{Name: "a.zip", Platform: "x", Digest: "d"})
	if err != nil {
		t.Fatal(err)
	}
	if known(s, "d", false) {
		t.Error("an archive that is being read is known")
	}
	if err := im.Post(own("tweet:1", "x")); err != nil {
		t.Fatal(err)
	}
	if err := im.Abort(); err != nil {
		t.Fatal(err)
	}
	list, err := s.Archives(ctx)
	if err != nil || len(list) != 1 || !list[0].Unfinished || !list[0].Incomplete || known(s, "d", false) {
		t.Errorf("after Abort: %+v, %v", list, err)
	}
	e := export{archive: Archive{Digest: "d"}, posts: []Post{own("tweet:1", "x")}}
	if a := take(t, s, e); a.Added != 1 || a.Incomplete {
		t.Errorf("completed: %+v", a)
	}
	if !known(s, "d", false) || known(s, "d", true) {
		t.Error("want it known without messages only")
	}
	e.archive.Messages = true
	e.posts = append(e.posts, Post{Key: "dm:1", Kind: KindDM, Own: true, Text: "x"})
	take(t, s, e)
	if !known(s, "d", false) || !known(s, "d", true) {
		t.Error("want it known with and without messages")
	}
	e.archive.Messages, e.posts = false, e.posts[:1]
	if a := take(t, s, e); a.Posts != 2 || !a.Messages || !known(s, "d", true) {
		t.Errorf("reading it again without messages forgot them: %+v", a)
	}
	newer, err := Open(ctx, s.Path(), ReadBy("2.0"))
	if err != nil {
		t.Fatal(err)
	}
	defer newer.Close()
	if known(newer, "d", false) {
		t.Error("known to a version that did not read it")
	}
}

func TestAccounts(t *testing.T) {
	type step struct {
		digest  string
		year    int
		account Account
	}
	for _, tc := range []struct {
		name  string
		steps []step
		want  []Account
	}{
		{"by id", []step{{"1", 2018, Account{NativeID: "1", Handle: "old"}}, {"2", 2020, Account{NativeID: "1", Handle: "new"}}},
			[]Account{{NativeID: "1", Handle: "new", Earlier: []string{"old"}}}},
		{"by id, older later", []step{{"2", 2020, Account{NativeID: "1", Handle: "new"}}, {"1", 2018, Account{NativeID: "1", Handle: "old"}}},
			[]Account{{NativeID: "1", Handle: "new", Earlier: []string{"old"}}}},
		{"ids differ", []step{{"1", 2018, Account{NativeID: "1", Handle: "a"}}, {"2", 2020, Account{NativeID: "2", Handle: "a"}}},
			[]Account{{NativeID: "1", Handle: "a"}, {NativeID: "2", Handle: "a"}}},
		{"by handle", []step{{"1", 2018, Account{Handle: "Anna"}}, {"2", 2020, Account{NativeID: "1", Handle: "anna"}}},
			[]Account{{NativeID: "1", Handle: "anna"}}},
		{"by earlier handle", []step{{"1", 2018, Account{Handle: "old", Name: "A"}}, {"2", 2020, Account{Handle: "new", Earlier: []string{"OLD"}}}},
			[]Account{{Handle: "new", Name: "A", Earlier: []string{"OLD"}}}},
		{"by a handle that the store knows as earlier", []step{{"2", 2020, Account{NativeID: "1", Handle: "new", Earlier: []string{"old"}}}, {"1", 2018, Account{Handle: "old"}}},
			[]Account{{NativeID: "1", Handle: "new", Earlier: []string{"old"}}}},
		{"handles differ", []step{{"1", 2018, Account{Handle: "a"}}, {"2", 2020, Account{Handle: "b"}}},
			[]Account{{Handle: "a"}, {Handle: "b"}}},
		{"nameless, same archive", []step{{"1", 0, Account{}}, {"1", 0, Account{}}}, []Account{{}}},
		{"nameless, then named, same archive", []step{{"1", 0, Account{}}, {"1", 0, Account{Handle: "a"}}}, []Account{{Handle: "a"}}},
		{"only a name, other archive", []step{{"1", 0, Account{Name: "Ann A"}}, {"2", 0, Account{Name: "ann a"}}}, []Account{{Name: "ann a"}}},
		{"only a name, then a handle too", []step{{"1", 0, Account{Name: "Ann A"}}, {"2", 0, Account{Name: "Ann A", Handle: "a"}}}, []Account{{Name: "Ann A", Handle: "a"}}},
		{"two handles, one name", []step{{"1", 0, Account{Name: "Ann A", Handle: "b"}}, {"2", 0, Account{Name: "Ann A", Handle: "a"}}}, []Account{{Name: "Ann A", Handle: "b"}, {Name: "Ann A", Handle: "a"}}},
		{"named, then nobody, other archive", []step{{"1", 0, Account{Name: "Ann A"}}, {"2", 0, Account{}}}, []Account{{Name: "Ann A"}}},
		{"nobody, then named, other archive", []step{{"1", 0, Account{}}, {"2", 0, Account{Handle: "a"}}}, []Account{{Handle: "a"}}},
		{"nobody, where there are two", []step{{"1", 0, Account{Handle: "a"}}, {"2", 0, Account{Handle: "b"}}, {"3", 0, Account{}}}, []Account{{Handle: "a"}, {Handle: "b"}, {}}},
		{"nameless, other archive", []step{{"1", 0, Account{}}, {"2", 0, Account{}}}, []Account{{}, {}}},
		{"two turn out to be one", []step{{"1", 2017, Account{Handle: "a"}}, {"2", 2018, Account{NativeID: "1", Handle: "b"}}, {"3", 2019, Account{NativeID: "1", Handle: "b", Earlier: []string{"a"}}}},
			[]Account{{NativeID: "1", Handle: "b", Earlier: []string{"a"}}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := openStore(t)
			for i, st := range tc.steps {
				e := export{archive: Archive{Digest: st.digest}, account: st.account, posts: []Post{own("tweet:1", "x"), own(fmt.Sprint("tweet:1", i), "x")}}
				if st.year != 0 {
					e.archive.Generated = at(st.year)
				}
				take(t, s, e)
			}
			got, err := s.Accounts(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tc.want, got, cmpopts.IgnoreFields(Account{}, "ID", "Platform")); d != "" {
				t.Error(d)
			}
			if err := s.Check(t.Context()); err != nil {
				t.Error(err)
			}
			if n := query(t, s, "SELECT count(*) FROM posts WHERE key='tweet:1'"); n[0] != fmt.Sprint(len(tc.want)) {
				t.Errorf("%s posts with the key, want %d", n[0], len(tc.want))
			}
		})
	}
}

// The owner's id may be learnt only after some posts.
func TestAccountLearntLate(t *testing.T) {
	s := openStore(t)
	take(t, s, export{archive: Archive{Digest: "1"}, account: Account{NativeID: "9", Handle: "z"}, posts: []Post{own("tweet:1", "x")}})
	im, err := s.BeginImport(t.Context(), Archive{Name: "b.zip", Digest: "2", Platform: "x"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 700 {
		if err := im.Post(own(fmt.Sprint("tweet:", i), "x")); err != nil {
			t.Fatal(err)
		}
	}
	if err := im.Account(Account{NativeID: "9", Name: "Zoe"}); err != nil {
		t.Fatal(err)
	}
	if err := im.Post(own("tweet:900", "x")); err != nil {
		t.Fatal(err)
	}
	if _, err := im.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, err := s.Accounts(t.Context())
	if err != nil || len(got) != 1 || got[0].Name != "Zoe" || got[0].Handle != "z" || len(allPosts(t, s)) != 701 {
		t.Errorf("%+v, %v, %d posts", got, err, len(allPosts(t, s)))
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestImportTwoPlatforms(t *testing.T) {
	s := openStore(t)
	for range 2 {
		im, err := s.BeginImport(t.Context(), Archive{Name: "meta.zip", Digest: "m", Generated: at(2020)})
		if err != nil {
			t.Fatal(err)
		}
		for _, platform := range []string{"instagram", "threads"} {
			if err := im.Account(Account{Platform: platform, Handle: "anna"}); err != nil {
				t.Fatal(err)
			}
			if err := im.Post(own("post:1", platform)); err != nil {
				t.Fatal(err)
			}
			im.SetArchive(func(a *Archive) { a.Scopes = append(a.Scopes, "post:") })
		}
		a, err := im.Finish(t.Context())
		if err != nil || a.Posts != 2 || a.Platform != "instagram" {
			t.Fatalf("%+v, %v", a, err)
		}
	}
	got, err := s.Accounts(t.Context())
	if err != nil || len(got) != 2 || got[0].Platform != "instagram" || got[1].Platform != "threads" {
		t.Errorf("%+v, %v", got, err)
	}
	if n := query(t, s, "SELECT count(*) FROM archive_accounts WHERE scopes='[\"post:\"]'"); n[0] != "2" {
		t.Errorf("%s accounts with a scope, want 2", n[0])
	}
}

func TestImportArchiveFacts(t *testing.T) {
	s := openStore(t)
	for range 2 {
		im, err := s.BeginImport(t.Context(), Archive{Name: "a.zip", Digest: "d", Platform: "x", Size: 5})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 600 {
			if err := im.Skip(Skip{Member: "data/tweets.js", Record: i + 1, Reason: "not an object"}); err != nil {
				t.Fatal(err)
			}
		}
		im.SetArchive(func(a *Archive) {
			a.Layout, a.Generated, a.Partial, a.Incomplete = "x-2022", at(2021), true, true
			a.Notes = append(a.Notes, Note{Code: "count-differs", Text: "fewer posts"})
		})
		if _, err := im.Finish(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	list, err := s.Archives(t.Context())
	if err != nil || len(list) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	want := Archive{Platform: "x", Name: "a.zip", Digest: "d", Size: 5, Layout: "x-2022", Generated: at(2021), Partial: true, Incomplete: true,
		Notes: []Note{{Code: "count-differs", Text: "fewer posts"}}, Skipped: 600}
	if d := cmp.Diff(want, list[0], cmpopts.IgnoreFields(Archive{}, "ID", "AccountID", "Imported")); d != "" {
		t.Error(d)
	}
	n := 0
	for k, err := range s.Skips(t.Context(), list[0].ID) {
		if n++; err != nil || k.Record != n || k.Member != "data/tweets.js" || k.ArchiveID != list[0].ID {
			t.Fatalf("skip %d is %+v, %v", n, k, err)
		}
	}
	sum, err := s.Summary(t.Context(), "r")
	if err != nil || n != 600 || sum.Skipped != 600 || len(sum.Skips) != 1 || sum.Skips[0].Remove != 600 {
		t.Errorf("%d skips, summary %+v, %v", n, sum.Skips, err)
	}
}

func TestImportRefuses(t *testing.T) {
	s := openStore(t)
	im, err := s.BeginImport(t.Context(), Archive{Name: "a.zip"})
	if err != nil {
		t.Fatal(err)
	}
	if err := im.Post(own("tweet:1", "x")); err == nil {
		t.Error("took a post of no platform")
	}
	if err := im.Account(Account{Platform: "x"}); err != nil {
		t.Fatal(err)
	}
	for _, p := range []Post{{Kind: KindPost, Text: "canary"}, {Key: "1", Kind: "tweet", Text: "canary"}} {
		if err := im.Post(p); err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("error is %v", err)
		}
	}
	if err := im.Post(own("tweet:1", "a\xffb")); err != nil {
		t.Fatal(err)
	}
	if _, err := im.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := allPosts(t, s)["tweet:1"].Text; got != "a\uFFFDb" {
		t.Errorf("text is %q", got)
	}
}

func TestImportCancelled(t *testing.T) {
	s := openStore(t)
	ctx, cancel := context.WithCancel(t.Context())
	im, err := s.BeginImport(ctx, Archive{Name: "a.zip", Digest: "d", Platform: "x"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		if err := im.Post(own(fmt.Sprint("tweet:", i), "x")); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	if _, err := im.Finish(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Finish: %v", err)
	}
	if err := im.Abort(); err != nil {
		t.Error(err)
	}
	if list, err := s.Archives(t.Context()); err != nil || len(list) != 1 || !list[0].Unfinished {
		t.Errorf("%+v, %v", list, err)
	}
	if a := take(t, s, export{archive: Archive{Digest: "d"}, posts: []Post{own("tweet:1", "x")}}); a.Unfinished || a.ID != 1 {
		t.Errorf("%+v", a)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// An archive that could not be read for a passing reason is read again; what
// was read of it before is not doubled.
func TestReadAgain(t *testing.T) {
	ctx := t.Context()
	s := openStore(t)
	known := func() bool {
		t.Helper()
		_, ok, err := s.KnownArchive(ctx, "d", false)
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	e := export{archive: Archive{Digest: "d", Incomplete: true, Again: true}, account: anna, posts: []Post{own("tweet:1", "one")}}
	take(t, s, e)
	if known() {
		t.Error("it counts as known")
	}
	e.archive.Incomplete, e.archive.Again = false, false
	e.posts = append(e.posts, own("tweet:2", "two"))
	take(t, s, e)
	if n := len(allPosts(t, s)); n != 2 || !known() {
		t.Errorf("%d posts, known %t", n, known())
	}
}
