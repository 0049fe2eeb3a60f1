package importer

import (
	"testing"
	"time"
)

// A computer that lost the time takes the name's day for it.
func TestNamedDayWithoutClock(t *testing.T) {
	newest := time.Date(2026, 10, 1, 23, 0, 0, 0, time.UTC)
	day, ok := namedDay("twitter-2026-11-01-abc123.zip", newest, time.Unix(20, 0))
	if !ok || day.Format(time.DateOnly) != "2026-11-01" {
		t.Errorf("got %v, %t", day, ok)
	}
}

func TestNamedDay(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	newest := time.Date(2026, 10, 1, 23, 0, 0, 0, time.UTC)
	tests := []struct{ name, want string }{
		{"twitter-2026-11-01-abc123.zip", "2026-11-01"},
		{"twitter-2026-11-01-abc123 (2).zip", "2026-11-01"},
		{"takeout-20261028T101500Z-001.zip", "2026-10-28"},
		{"archive-20261026101500-7e6f5d4c3b2a19080706050403020100.tar.gz", "2026-10-26"},
		{"export_hills_and_splints_20261027.zip", "2026-10-27"},
		{"instagram-rowan.averley-2026-10-29-Lm3pKx", "2026-10-29"},
		{"2026-10-29", "2026-10-29"},
		{"the day of the newest post, 2026-10-01.zip", "2026-10-01"},
		{"2026-10-29 and again 20261029.zip", "2026-10-29"},

		{"older than its posts, 2026-09-01.zip", ""},
		{"not yet, 2026-12-24.zip", ""},
		{"2026-10-05 to 2026-10-29.zip", ""},
		{"TikTok_Data_1793181600.zip", ""},
		{"2026-13-41.zip", ""},
		{"20261341.zip", ""},
		{"120261029.zip", ""},
		{"202610291.zip", ""},
		{"19991029.zip", ""},
		{"my archive.zip", ""},
		{"", ""},
	}
	for _, tt := range tests {
		day, ok := namedDay(tt.name, newest, now)
		got := ""
		if ok {
			got = day.Format(time.DateOnly)
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
