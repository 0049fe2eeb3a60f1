//go:build nonetwork

package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

// TestJudgeWithoutNetwork: the build says what it lacks.
func TestJudgeWithoutNetwork(t *testing.T) {
	db := filepath.Join(t.TempDir(), "lookback.db")
	for _, args := range [][]string{{"scan", "--db", db}, {"audit", "--db", db, "a.zip"}, {"check"}} {
		var out, talk bytes.Buffer
		args = append(args, "--judge", "http://localhost:11434", "--judge-model", "small")
		code := run(args, strings.NewReader(""), &out, &talk)
		if code != exitUsage || out.Len() > 0 || !strings.Contains(talk.String(), "this build of lookback has no network, so --judge cannot ask a model") {
			t.Errorf("%v: exit %d\n%s", args, code, talk.String())
		}
	}
}
