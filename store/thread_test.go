package store

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// talk is a reply that was posted some minutes after the first post.
func talk(key, replyTo, thread string, minutes int) Post {
	p := own(key, key+" text")
	p.Created, p.ReplyTo, p.Thread = at(2020).Add(time.Duration(minutes)*time.Minute), replyTo, thread
	return p
}

func TestThread(t *testing.T) {
	s := openStore(t)
	take(t, s, export{account: Account{Platform: "x", NativeID: "1", Handle: "ann"}, posts: []Post{
		talk("root", "", "", 0), talk("one", "root", "", 1), talk("two", "one", "", 2), talk("three", "two", "", 3),
		talk("other answer", "one", "", 4), talk("elsewhere", "https://example.com/9", "", 2),
		talk("circle a", "circle b", "", 5), talk("circle b", "circle a", "", 6),
		talk("chat 1", "", "chat", 10), talk("chat 2", "", "chat", 11), talk("chat 3", "", "chat", 12), talk("chat 4", "", "chat", 13), talk("chat 5", "", "chat", 14),
	}})
	take(t, s, export{account: Account{Platform: "x", NativeID: "2", Handle: "bob"}, archive: Archive{Digest: "b"}, posts: []Post{talk("of bob", "one", "chat", 11)}})
	posts := allPosts(t, s)
	for _, tc := range []struct {
		key           string
		most          int
		before, after []string
	}{
		{"two", 9, []string{"root", "one"}, []string{"three"}},
		{"one", 9, []string{"root"}, []string{"two", "three", "other answer"}},
		{"elsewhere", 9, nil, nil},
		{"circle a", 9, []string{"circle b"}, nil},
		{"chat 3", 9, []string{"chat 1", "chat 2"}, []string{"chat 4", "chat 5"}},
		{"chat 3", 1, []string{"chat 2"}, []string{"chat 4"}},
		{"three", 2, []string{"one", "two"}, nil},
	} {
		got, err := s.Thread(t.Context(), posts[tc.key].ID, tc.most)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([][]string{tc.before, tc.after}, [][]string{keysOf(got.Before), keysOf(got.After)}); diff != "" {
			t.Errorf("%s, at most %d (-want +got):\n%s", tc.key, tc.most, diff)
		}
	}
	if _, err := s.Thread(t.Context(), 999, 3); !errors.Is(err, ErrNotFound) {
		t.Errorf("a post that is not there: %v", err)
	}
}

func keysOf(list []Post) (keys []string) {
	for _, p := range list {
		keys = append(keys, p.Key)
	}
	return keys
}

// TestStamp: everything that a reader of findings can see moves the stamp.
func TestStamp(t *testing.T) {
	s := openStore(t)
	seen := map[string]string{}
	look := func(step string) {
		t.Helper()
		got, err := s.Stamp(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if was, ok := seen[got]; ok {
			t.Errorf("the stamp after %q is that after %q", step, was)
		}
		seen[got] = step
		if again, err := s.Stamp(t.Context()); err != nil || again != got {
			t.Errorf("after %q the stamp changes by itself: %v", step, err)
		}
	}
	look("nothing")
	take(t, s, export{account: Account{Platform: "x", NativeID: "1"}, posts: []Post{own("a", "bad 1"), own("b", "bad 2")}})
	look("import")
	scanAll(t, s, "rules")
	look("scan")
	var d Decision
	put(t, s, opinion(1, "q", ActionNone))
	look("opinion")
	for row, err := range s.Findings(t.Context(), Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		f := row.Findings[0]
		d = Decision{AccountID: row.Account.ID, PostKey: row.Post.Key, Theme: f.Theme, WordsHash: f.WordsHash, Decided: at(2026)}
	}
	for _, step := range []struct {
		choice Choice
		note   string
	}{{ChoiceKeep, ""}, {ChoiceKeep, "a note"}, {ChoiceRemove, "a note"}, {ChoiceDone, "a note"}} {
		d.Choice, d.Reason, d.Note = step.choice, "a reason", step.note
		if err := s.PutDecision(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		look(string(step.choice) + " " + step.note)
	}
}
