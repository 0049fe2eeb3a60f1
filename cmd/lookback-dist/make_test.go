package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// TestMakeVuln: make check ends at a known hole and at every failure, but for
// a list of holes that cannot be fetched; then it says that it did not look.
func TestMakeVuln(t *testing.T) {
	maker, err := exec.LookPath("make")
	if err != nil || runtime.GOOS == "windows" {
		t.Skip("make is not here")
	}
	const unreachable = `govulncheck: fetching vulnerabilities: Get "https://vuln.go.dev/index/modules.json.gz": dial tcp: lookup vuln.go.dev: no such host`
	for _, tc := range []struct {
		name, says string
		code       int
		ok         bool
	}{
		{"nothing", "No vulnerabilities found.", 0, true},
		{"a hole", "Vulnerability #1: GO-2024-0001\n  More info: https://pkg.go.dev/vuln/GO-2024-0001", 1, false},
		{"no list", unreachable, 1, true},
		{"a hole, then no list", "Vulnerability #1: GO-2024-0001\n" + unreachable, 1, false},
		{"no program", `go: golang.org/x/vuln/cmd/govulncheck: Get "https://proxy.golang.org/": no such host`, 1, false},
		{"does not build", "govulncheck: loading packages: there are errors", 1, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			stub := filepath.Join(dir, "go")
			script := "#!/bin/sh\n[ \"$1\" = run ] || exit 0\ncat " + dir + "/says\nexit $(cat " + dir + "/code)\n"
			for name, text := range map[string]string{"go": script, "says": tc.says + "\n", "code": string(rune('0' + tc.code))} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			cmd := exec.Command(maker, "-s", "vuln", "GO="+stub)
			cmd.Dir = filepath.Join("..", "..")
			out, err := cmd.CombinedOutput()
			if (err == nil) != tc.ok {
				t.Errorf("%v: %s", err, out)
			}
			if said := strings.Contains(string(out), "were NOT checked"); said != (tc.name == "no list") {
				t.Errorf("it said %q", out)
			}
			if !strings.Contains(string(out), tc.says) {
				t.Errorf("it swallowed what was found: %q", out)
			}
		})
	}
}

// TestMakeTargets: what make help lists is made also where a file or a folder
// of that name lies about, as dist does after the first time.
func TestMakeTargets(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	_, phony, _ := strings.Cut(string(text), "\n.PHONY: ")
	phony, _, _ = strings.Cut(phony, "\n")
	targets := regexp.MustCompile(`(?m)^([a-z0-9]+):.*## `).FindAllStringSubmatch(string(text), -1)
	for _, m := range targets {
		if !slices.Contains(strings.Fields(phony), m[1]) {
			t.Errorf("make %s would make nothing where a file is called so", m[1])
		}
	}
	if len(targets) < 15 {
		t.Errorf("only %d targets", len(targets))
	}
}
