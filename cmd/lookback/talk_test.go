package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"testing"

	"lookback/store"

	"github.com/rogpeppe/go-internal/testscript"
)

// What lookback says beside its answers, and what a crash would print, may be
// shown to others, so no post's text may be in it. Every script holds this
// true: all that lookback writes to standard error in it, and every crash, is
// kept and compared with the posts in the script's stores at its end, and
// searched for words that begin like the one below, which fixtures use where a
// post cannot even be read.
var canaryWord = regexp.MustCompile(`(?i)\bcanary\w*`)

// talkVariable names the file that a watched lookback keeps its talk in.
const talkVariable = "LOOKBACK_TEST_TALK"

// watchedMain is main for scripts.
func watchedMain() {
	name := os.Getenv(talkVariable)
	if name == "" {
		main()
		return
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err == nil {
		err = debug.SetCrashOutput(f, debug.CrashOptions{})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "keeping the talk:", err)
		os.Exit(exitFailed)
	}
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, io.MultiWriter(os.Stderr, f)))
}

// watchTalk makes a script fail at its end if posts were told of.
func watchTalk(env *testscript.Env) {
	dir, err := os.MkdirTemp("", "lookback-talk-")
	if err != nil {
		env.T().Fatal(err)
	}
	name := filepath.Join(dir, "talk")
	env.Setenv(talkVariable, name)
	env.Defer(func() {
		talk, err := os.ReadFile(name)
		err = errors.Join(err, os.RemoveAll(dir))
		if errors.Is(err, fs.ErrNotExist) {
			return // no lookback was started
		}
		told, terr := toldOf(string(talk), env.WorkDir)
		if err = errors.Join(err, terr); err != nil {
			env.T().Fatal(err)
		}
		if told != "" {
			env.T().Fatal("what lookback said holds a post's text: ", told)
		}
	})
}

// toldOf returns a piece of a post's text that is in the talk: of the posts in
// the stores under dir, or a canary.
func toldOf(talk, dir string) (string, error) {
	if word := canaryWord.FindString(talk); word != "" {
		return word, nil
	}
	talk = squeeze(talk)
	var told string
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || told != "" || d.IsDir() || filepath.Ext(name) != ".db" {
			return err
		}
		texts, err := textsIn(name)
		if err != nil {
			return nil // not a store: some scripts have such a file
		}
		for _, text := range texts {
			if piece := pieceIn(talk, text); piece != "" {
				told = piece
			}
		}
		return nil
	})
	return told, err
}

// pieceWords is how many words in a row are told of no accident.
const pieceWords = 4

// pieceIn returns words of a text that follow each other in the talk too.
func pieceIn(talk, text string) string {
	words := strings.Fields(squeeze(text))
	for i := 0; i+pieceWords <= len(words); i++ {
		if piece := strings.Join(words[i:i+pieceWords], " "); strings.Contains(talk, piece) {
			return piece
		}
	}
	return ""
}

// squeeze makes lower case of a text and single blanks of all that is neither
// letter nor digit, so that folding and quoting hide nothing.
func squeeze(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return r < 128 && !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9')
	}), " ")
}

// textsIn returns the texts that a store holds.
func textsIn(path string) (texts []string, err error) {
	ctx := context.Background()
	s, err := store.Open(ctx, path, store.ReadOnly())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	for batch, err := range s.Unscanned(ctx, "no such rules") {
		if err != nil {
			return nil, err
		}
		for i := range batch {
			texts = append(texts, batch[i].Text)
		}
	}
	return texts, nil
}

// TestTalkIsWatched: the harness sees what it is there to see.
func TestTalkIsWatched(t *testing.T) {
	dir := t.TempDir()
	db := filepath.Join(dir, "home", "a.db")
	lookback(t, exitOK, "", "import", "--db", db, filepath.Join("testdata", "posts"))
	texts, err := textsIn(db)
	if err != nil || len(texts) < 2 {
		t.Fatalf("%d texts, %v", len(texts), err)
	}
	for talk, want := range map[string]bool{
		"lookback: data/tweets.js, record 2: a text was expected":      false,
		"lookback: data/tweets.js, record 2: found \"CanaryPhrase\"":   true,
		"lookback: cannot read: \"Handover at seven,\n  then the long": true,
		"lookback: handover and seven":                                 false,
	} {
		told, err := toldOf(talk, dir)
		if err != nil || (told != "") != want {
			t.Errorf("%q: told of %q, %v", talk, told, err)
		}
	}
}
