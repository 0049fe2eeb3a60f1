package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// emulators run programs of other systems; those of Debian's packages
// qemu-user-static, qemu-user and wine.
var emulators = map[string][]string{
	"linux/amd64":   {"qemu-x86_64-static", "qemu-x86_64"},
	"linux/arm64":   {"qemu-aarch64-static", "qemu-aarch64"},
	"windows/amd64": {"wine", "wine64", "/usr/lib/wine/wine64"},
}

// tryTime is more than an audit of the sample takes under any emulator.
const tryTime = 10 * time.Minute

// try unpacks an archive as people would, runs the program in it and says how.
// All programs must name the version and find the same in the sample.
func (m *maker) try(ctx context.Context, t target, archive string) (string, error) {
	var emulator string
	if !t.isHost() {
		for _, name := range emulators[t.String()] {
			if path, err := m.lookPath(name); err == nil {
				emulator = path
				break
			}
		}
		if emulator == "" {
			return "not run: nothing here runs programs for " + t.String(), nil
		}
	}
	dir := filepath.Join(m.tmp, "try-"+t.os+"-"+t.arch)
	if err := errors.Join(os.Mkdir(dir, 0o755), unpack(archive, dir), os.CopyFS(filepath.Join(dir, "sample"), os.DirFS(m.sample))); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	p := program{dir: dir, path: filepath.Join(dir, t.base(m.version), t.program()), emulator: emulator}
	if t.os == "windows" && emulator != "" {
		if err := p.prepareWine(ctx); err != nil {
			return "", err
		}
	}
	if err := m.compare(ctx, t, p); err != nil {
		return "", err
	}
	if emulator == "" {
		return "ran", nil
	}
	return "ran under " + filepath.Base(emulator), nil
}

func (m *maker) compare(ctx context.Context, t target, p program) error {
	out, err := p.run(ctx, "version", "--json")
	if err != nil {
		return err
	}
	var v struct{ Version, Commit, OS, Arch string }
	if err := json.Unmarshal(out, &v); err != nil {
		return fmt.Errorf("lookback version --json: %w", err)
	}
	if v.Version != m.version || v.Commit != m.commit || v.OS != t.os || v.Arch != t.arch {
		return fmt.Errorf("it says that it is %+v", v)
	}
	if _, err := p.run(ctx, "audit", "--db", "store.db", "--out", "out", "sample"); err != nil {
		return err
	}
	found, err := os.ReadFile(filepath.Join(p.dir, "out", "findings.csv"))
	if err != nil {
		return err
	}
	if m.findings == nil {
		m.findings = found
	}
	if !bytes.Equal(found, m.findings) {
		return errors.New("it finds something else in the sample than the first program")
	}
	return nil
}

// program is an unpacked program and how it is run.
type program struct {
	dir, path, emulator string
	env                 []string
}

// run runs the program in its folder, with a home of its own.
func (p program) run(ctx context.Context, args ...string) ([]byte, error) {
	if p.emulator != "" {
		args = append([]string{p.path}, args...)
	}
	cmd := exec.CommandContext(ctx, p.path, args...)
	if p.emulator != "" {
		cmd.Path, cmd.Args[0] = p.emulator, p.emulator
	}
	var out, errs bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = p.dir, &out, &errs
	cmd.Env = append(append(os.Environ(), "HOME="+p.dir, "XDG_DATA_HOME="+p.dir), p.env...)
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("lookback %v: %w: %.2000s", args, err, bytes.TrimSpace(errs.Bytes()))
	}
	return out.Bytes(), nil
}

// prepareWine makes a Windows for the program alone, and gives it what its
// Wine may lack.
func (p *program) prepareWine(ctx context.Context) error {
	prefix := filepath.Join(p.dir, "wine")
	p.env = []string{"WINEPREFIX=" + prefix, "WINEDEBUG=-all", "WINEDLLOVERRIDES=mscoree,mshtml="}
	cmd := exec.CommandContext(ctx, p.emulator, "cmd", "/c", "ver")
	cmd.Env = append(os.Environ(), p.env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("setting Wine up: %w: %.2000s", err, out)
	}
	path := filepath.Join(prefix, "drive_c", "windows", "system32", prngName)
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.WriteFile(path, forwarder(prngName, "ProcessPrng", "ADVAPI32.SystemFunction036"), 0o644)
}
