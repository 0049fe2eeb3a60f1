package store

import (
	"testing"
)

// edited is the second version of tweet:1; the text of the first is not known.
func edited() Post {
	p := own("tweet:2", "so bad, mended")
	p.Created = at(2016)
	p.Edited, p.Versions = p.Created, []Version{{Key: "tweet:1"}}
	return p
}

// An earlier version that came in as a post becomes a part of the edited one,
// whichever comes first and from whichever archive.
func TestAbsorbEarlierVersions(t *testing.T) {
	first := own("tweet:1", "so bad, unmended")
	other := own("tweet:3", "another")
	only := func(digest string, year int, posts ...Post) export {
		return export{archive: Archive{Digest: digest, Generated: at(year)}, account: anna, scopes: []string{"tweet:"}, posts: posts}
	}
	tests := []struct {
		name    string
		exports []export
	}{
		{"one archive, the first ahead", []export{only("a", 2020, first, other, edited())}},
		{"one archive, the first behind", []export{only("a", 2020, edited(), other, first)}},
		{"an older archive before", []export{only("a", 2019, first, other), only("b", 2020, other, edited())}},
		{"an older archive after", []export{only("b", 2020, other, edited()), only("a", 2019, first, other)}},
		{"twice", []export{only("a", 2020, first, other, edited()), only("b", 2021, first, edited(), other)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := openStore(t)
			var last Archive
			for _, e := range tt.exports {
				last = take(t, s, e)
				scanAll(t, s, "r")
			}
			got := allPosts(t, s)
			p := got["tweet:2"]
			if len(got) != 2 || len(p.Versions) != 1 || p.Versions[0].Text != "so bad, unmended" || p.Versions[0].Key != "tweet:1" || !p.Created.Equal(at(2015)) {
				t.Errorf("%d posts; the edited one is %+v", len(got), p)
			}
			if last.Gone != 0 || p.GoneArchive != 0 || last.Posts > 2 || last.Added < 0 || last.Added > 2 {
				t.Errorf("the archive counts %+v", last)
			}
			for _, words := range []string{"unmended", "mended", "another"} {
				want := 1
				if words != "mended" {
					want = 0 // no longer a text of its own, or not flagged
				}
				n := 0
				for _, err := range s.Findings(t.Context(), Filter{Text: words}) {
					if err != nil {
						t.Fatal(err)
					}
					n++
				}
				if n != want {
					t.Errorf("%d flagged posts with %q, want %d", n, words, want)
				}
			}
		})
	}
}
