package store

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// canary stands for text that must be gone after Forget. It is one word, as
// the full-text index would hold it.
const canary = "zqcanaryxj"

// canaryPost has it in every field that can hold it.
func canaryPost(i int) Post {
	p := full()
	p.Key = fmt.Sprint("tweet:", canary, i)
	for _, f := range []*string{&p.Text, &p.Author, &p.ContentWarning, &p.URL, &p.ReplyTo, &p.ReplyToAuthor, &p.Quoted, &p.Thread, &p.Place} {
		*f = fmt.Sprintf("bad %s %d %s", canary, i, strings.Repeat("filler ", i%300))
	}
	p.Versions = []Version{{Key: canary, Text: canary}}
	p.Media = []Media{{Member: canary, URL: canary, Alt: canary}}
	p.Own = false
	return p
}

// holding returns the files beside path that hold the canary.
func holding(t *testing.T, path string) []string {
	t.Helper()
	var found []string
	for _, name := range files(t, filepath.Dir(path)) {
		b, err := os.ReadFile(filepath.Join(filepath.Dir(path), name))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(bytes.ToLower(b), []byte(canary)) {
			found = append(found, name)
		}
	}
	return found
}

func TestForgetLeavesNoTrace(t *testing.T) {
	for _, tc := range []struct {
		name   string
		what   ForgetWhat
		left   int
		result ForgetResult
	}{
		{"account", ForgetWhat{AccountID: 2}, 400, ForgetResult{Accounts: 1, Archives: 1, Posts: 500, Findings: 500, Decisions: 1}},
		{"archive", ForgetWhat{ArchiveID: 2}, 400, ForgetResult{Accounts: 1, Archives: 1, Posts: 500, Findings: 500, Decisions: 1}},
		{"everything", ForgetWhat{Everything: true}, 0, ForgetResult{Accounts: 2, Archives: 2, Posts: 900, Findings: 500, Decisions: 1}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := openStore(t)
			ctx := t.Context()
			take(t, s, export{archive: Archive{Digest: "1"}, account: anna, posts: manyPosts(400)})
			e := export{archive: Archive{Digest: "2", Name: canary}, account: Account{NativeID: canary, Handle: canary, Name: canary, Earlier: []string{canary + "1"}}}
			for i := range 500 {
				e.posts = append(e.posts, canaryPost(i))
			}
			take(t, s, e)
			scanAll(t, s, "r")
			if err := s.PutDecision(ctx, Decision{AccountID: 2, PostKey: e.posts[0].Key, Theme: canary, Choice: ChoiceKeep, Reason: canary, Note: canary}); err != nil {
				t.Fatal(err)
			}
			if _, err := s.PutAudit(ctx, Changes{}); err != nil {
				t.Fatal(err)
			}
			if got := find(t, s, Filter{Text: canary}); len(got) != 500 {
				t.Fatalf("%d findings before", len(got))
			}
			if len(holding(t, s.Path())) == 0 {
				t.Fatal("the canary is not there to begin with")
			}
			res, err := s.Forget(ctx, tc.what)
			if err != nil || res != tc.result {
				t.Errorf("%+v, %v; want %+v", res, err, tc.result)
			}
			if got := holding(t, s.Path()); len(got) > 0 {
				t.Errorf("the canary is still in %v", got)
			}
			if err := s.Check(ctx); err != nil {
				t.Error(err)
			}
			if got := query(t, s, "SELECT count(*) FROM posts_fts('post')"); got[0] != fmt.Sprint(tc.left) || len(allPosts(t, s)) != tc.left {
				t.Errorf("%s posts in the index, %d in all; want %d", got[0], len(allPosts(t, s)), tc.left)
			}
			// And it can be imported again.
			if a := take(t, s, e); a.Added != 500 {
				t.Errorf("imported again: %+v", a)
			}
			if got := query(t, s, "SELECT count(*) FROM posts_fts(?)", canary); got[0] != "500" {
				t.Errorf("%s posts in the index", got[0])
			}
		})
	}
}

func TestForgetArchiveKeepsShared(t *testing.T) {
	s := openStore(t)
	e := func(y int, scopes []string, keys ...string) export {
		x := export{archive: Archive{Digest: fmt.Sprint(y), Generated: at(y), Name: fmt.Sprint(y)}, account: anna, scopes: scopes}
		for _, k := range keys {
			x.posts = append(x.posts, own(k, k))
		}
		return x
	}
	all := []string{"tweet:"}
	first := take(t, s, e(2018, all, "tweet:1", "tweet:2", "tweet:3"))
	second := take(t, s, e(2019, all, "tweet:2", "tweet:4"))
	take(t, s, e(2020, all, "tweet:2", "tweet:3"))
	res, err := s.Forget(t.Context(), ForgetWhat{ArchiveID: first.ID})
	if err != nil || res != (ForgetResult{Archives: 1, Posts: 1, Kept: 2}) {
		t.Errorf("%+v, %v", res, err)
	}
	gone := "SELECT p.key || ' ' || ifnull(r.name, '-') || ' ' || b.name FROM posts p LEFT JOIN archives r ON r.id = p.gone_archive JOIN archives b ON b.id = p.archive_id ORDER BY 1"
	if d := cmp.Diff([]string{"tweet:2 - 2019", "tweet:3 - 2020", "tweet:4 2020 2019"}, query(t, s, gone)); d != "" {
		t.Error(d)
	}
	if _, err := s.Forget(t.Context(), ForgetWhat{ArchiveID: second.ID}); err != nil {
		t.Error(err)
	}
	if d := cmp.Diff([]string{"tweet:2 - 2020", "tweet:3 - 2020"}, query(t, s, gone)); d != "" {
		t.Error(d)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// An archive that was broken off can be forgotten too.
func TestForgetUnfinished(t *testing.T) {
	s := openStore(t)
	im, err := s.BeginImport(t.Context(), Archive{Name: "a.zip", Digest: "d", Platform: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if err := im.Post(canaryPost(1)); err != nil {
		t.Fatal(err)
	}
	if err := im.Abort(); err != nil {
		t.Fatal(err)
	}
	if len(holding(t, s.Path())) == 0 {
		t.Error("Abort kept nothing")
	}
	res, err := s.Forget(t.Context(), ForgetWhat{ArchiveID: 1})
	if err != nil || res.Posts != 1 || res.Accounts != 1 || len(holding(t, s.Path())) > 0 {
		t.Errorf("%+v, %v, %v", res, err, holding(t, s.Path()))
	}
}

// Posts that were changed leave nothing behind either, once something is
// forgotten; and a Forget that was killed is completed by Open.
func TestForgetCompletedByOpen(t *testing.T) {
	s := openStore(t)
	take(t, s, export{archive: Archive{Digest: "1", Generated: at(2018)}, account: anna, posts: []Post{own("tweet:1", canary), own("tweet:2", "stays")}})
	take(t, s, export{archive: Archive{Digest: "2", Generated: at(2019)}, account: anna, posts: []Post{own("tweet:1", "mended")}})
	if len(holding(t, s.Path())) == 0 {
		t.Fatal("the canary is not there to begin with")
	}
	if _, err := s.w.Exec("UPDATE state SET value=1 WHERE name='purge'"); err != nil {
		t.Fatal(err)
	}
	again, err := Open(t.Context(), s.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if got := holding(t, s.Path()); len(got) > 0 {
		t.Errorf("the canary is still in %v", got)
	}
	if got := query(t, again, "SELECT value FROM state WHERE name='purge'"); got[0] != "0" {
		t.Errorf("purge is %v", got)
	}
}

func TestForgetNothing(t *testing.T) {
	s := openStore(t)
	take(t, s, export{account: anna, posts: manyPosts(3)})
	for _, what := range []ForgetWhat{{AccountID: 7}, {ArchiveID: 7}} {
		_, err := s.Forget(t.Context(), what)
		wantHint(t, err, ErrNotFound)
	}
	if _, err := s.Forget(t.Context(), ForgetWhat{}); err == nil {
		t.Error("forgot what was not named")
	}
	if got := len(allPosts(t, s)); got != 3 {
		t.Errorf("%d posts are left", got)
	}
}
