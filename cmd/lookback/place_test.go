package main

import (
	"errors"
	"path/filepath"
	"testing"
)

func TestDefaultDB(t *testing.T) {
	abs := func(p string) string { return filepath.FromSlash(p) }
	for _, c := range []struct {
		goos, home string
		env        map[string]string
		want       string // empty: an error
	}{
		{"linux", "/home/ann", nil, "/home/ann/.local/share/lookback/lookback.db"},
		{"linux", "/home/ann", map[string]string{"XDG_DATA_HOME": "/data"}, "/data/lookback/lookback.db"},
		{"linux", "/home/ann", map[string]string{"XDG_DATA_HOME": "data"}, "/home/ann/.local/share/lookback/lookback.db"},
		{"linux", "", map[string]string{"XDG_DATA_HOME": "/data"}, "/data/lookback/lookback.db"},
		{"linux", "", nil, ""},
		{"darwin", "/Users/ann", nil, "/Users/ann/Library/Application Support/lookback/lookback.db"},
		{"darwin", "", map[string]string{"XDG_DATA_HOME": "/data"}, ""},
		{"windows", "/ann", map[string]string{"LocalAppData": "/local"}, "/local/lookback/lookback.db"},
		{"windows", "/ann", nil, "/ann/AppData/Local/lookback/lookback.db"},
		{"windows", "", nil, ""},
	} {
		got, err := defaultDB(c.goos, func(k string) string { return c.env[k] }, c.home)
		if got != abs(c.want) || (err != nil) != (c.want == "") {
			t.Errorf("%s, home %q, %v: got %q, %v", c.goos, c.home, c.env, got, err)
		}
		var hint *hintError
		if err != nil && (!errors.As(err, &hint) || hint.hint == "") {
			t.Errorf("%s: the error has no hint: %v", c.goos, err)
		}
	}
}
