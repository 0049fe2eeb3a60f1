//go:build nonetwork

package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

// TestLiveWithoutNetwork: the build says what it lacks.
func TestLiveWithoutNetwork(t *testing.T) {
	for _, command := range []string{"import", "audit"} {
		var out, talk bytes.Buffer
		db := filepath.Join(t.TempDir(), "lookback.db")
		code := run([]string{command, "--db", db, "--live", "x:@me"}, strings.NewReader(""), &out, &talk)
		if code != exitUsage || !strings.Contains(talk.String(), "this build of lookback has no network") {
			t.Errorf("%s: exit %d\n%s", command, code, talk.String())
		}
	}
}
