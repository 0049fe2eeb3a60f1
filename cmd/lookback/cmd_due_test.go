package main

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lookback/store"
)

func TestParseEvery(t *testing.T) {
	at := time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)
	for in, want := range map[string]string{
		"365d": "2025-02-28", "1d": "2024-03-01", "26w": "2024-08-29", "6m": "2024-08-29", "1y": "2025-03-01",
	} {
		every, err := parseEvery(in)
		if err != nil {
			t.Errorf("%s: %v", in, err)
		} else if got := every.after(at).Format(time.DateOnly); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
	for _, in := range []string{"", "d", "365", "-1d", "0d", "1.5y", "yearly", "99999999d", "1h"} {
		if _, err := parseEvery(in); err == nil {
			t.Errorf("took %q", in)
		}
	}
}

// TestDue: exit code 3 from the day on, and where there was no audit.
func TestDue(t *testing.T) {
	db := filepath.Join(t.TempDir(), "store.db")
	o := dueOptions{storeOptions: storeOptions{db: db}}
	every := interval{days: 365}
	run := func(o dueOptions, now time.Time) (string, int) {
		t.Helper()
		var out bytes.Buffer
		err := runDue(t.Context(), newTerminal(strings.NewReader(""), &out, &out), o, every, now)
		var ec *exitError
		if err != nil && !errors.As(err, &ec) {
			t.Fatal(err)
		}
		if ec != nil {
			return out.String(), ec.code
		}
		return out.String(), exitOK
	}
	if out, code := run(o, time.Now()); code != exitFindings || !strings.HasPrefix(out, "There was no audit yet.") {
		t.Errorf("without a store: %d, %s", code, out)
	}
	s, err := store.Open(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	if out, code := run(o, time.Now()); code != exitFindings || !strings.HasPrefix(out, "There was no audit yet.") {
		t.Errorf("without an audit: %d, %s", code, out)
	}
	_, err = s.PutAudit(t.Context(), store.Changes{})
	if err = errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	made := time.Now()
	if out, code := run(o, made.AddDate(0, 0, 364)); code != exitOK || !strings.Contains(out, "the next is due on") {
		t.Errorf("a day before: %d, %s", code, out)
	}
	if out, code := run(o, made.AddDate(0, 0, 366)); code != exitFindings || !strings.HasPrefix(out, "An audit is due: ") {
		t.Errorf("a day after: %d, %s", code, out)
	}
	o.json = true
	if out, code := run(o, made.AddDate(2, 0, 0)); code != exitFindings || !strings.HasPrefix(out, `{"due":true,"last":"`) {
		t.Errorf("as JSON: %d, %s", code, out)
	}
}
