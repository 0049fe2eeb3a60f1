package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// host is the system that this program runs on.
func host() target { return target{runtime.GOOS, runtime.GOARCH, ""} }

func (t target) isHost() bool { return t.os == runtime.GOOS && t.arch == runtime.GOARCH }

// compiler is the C compiler for a system, empty where there is none that
// works. Programs for Linux and Windows are linked so that they need no other
// file.
func (m *maker) compiler(ctx context.Context, t target) string {
	names := []string{t.cc}
	if t.isHost() {
		names = []string{os.Getenv("CC"), "cc", "gcc", t.cc}
	}
	for _, name := range names {
		if name == "" {
			continue
		}
		path, err := m.lookPath(name)
		if err != nil {
			continue
		}
		cmd := exec.CommandContext(ctx, path, append(linking(t), "-x", "c", "-", "-lm", "-o", filepath.Join(m.tmp, "probe"))...)
		cmd.Stdin = strings.NewReader("#include <math.h>\nint main(int n, char **v) { return n > 9 ? (int)log(n) : 0; }\n")
		if cmd.Run() == nil {
			return path
		}
	}
	return ""
}

// linking are a C compiler's flags for a program that stands alone.
func linking(t target) []string {
	if t.os == "darwin" {
		return nil // it has no such programs
	}
	return []string{"-static"}
}

// build builds the program for a system, and says in what its SQLite is
// written.
func (m *maker) build(ctx context.Context, t target) (path, driver string, err error) {
	path = filepath.Join(m.tmp, t.os+"-"+t.arch, t.program())
	tags, flags := "", "-s -w -X main.version="+m.version+" -X main.commit="+m.commit
	env := []string{"GOOS=" + t.os, "GOARCH=" + t.arch, "GOFLAGS=", "GOAMD64=v1", "GOARM64=v8.0", "CGO_ENABLED=0"}
	driver = "pure Go"
	if cc := m.compiler(ctx, t); cc != "" {
		driver, tags = "C", "sqlite_fts5,netgo,osusergo"
		flags += " -linkmode external -extldflags '" + strings.Join(linking(t), " ") + "'"
		env = append(env, "CGO_ENABLED=1", "CC="+cc, "CGO_CFLAGS=-O2", "CGO_LDFLAGS=")
	}
	_, err = m.command(ctx, env, m.goCmd, "build", "-trimpath", "-buildvcs=false", "-tags", tags, "-ldflags", flags, "-o", path, "./cmd/lookback")
	if err != nil {
		return "", "", fmt.Errorf("building for %s: %w", t, err)
	}
	return path, driver, nil
}

// command runs a command and returns its output; what it says of a failure
// becomes the error.
func (m *maker) command(ctx context.Context, env []string, name string, args ...string) ([]byte, error) {
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s %s: %w: %s", filepath.Base(name), args[0], err, bytes.TrimSpace(errs.Bytes()))
	}
	return out.Bytes(), nil
}

// file is a file of an archive.
type file struct {
	name string
	mode os.FileMode
	data []byte
}

// common returns what every archive holds beside the program.
func (m *maker) common(ctx context.Context) ([]file, error) {
	var list []file
	for _, name := range []string{"README.md", "LICENSE", "CHANGELOG.md"} {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		list = append(list, file{name, 0o644, data})
	}
	licences, err := m.licences(ctx)
	if err != nil {
		return nil, fmt.Errorf("gathering the licences: %w", err)
	}
	list = append(list, file{"LICENSES-OF-OTHERS.txt", 0o644, licences})
	path, _, err := m.build(ctx, host())
	if err != nil {
		return nil, err
	}
	for _, g := range []struct {
		name string
		args []string
	}{
		{"man/lookback.1", []string{"man"}},
		{"completions/lookback.bash", []string{"completion", "bash"}},
		{"completions/_lookback", []string{"completion", "zsh"}},
		{"completions/lookback.fish", []string{"completion", "fish"}},
		{"completions/lookback.ps1", []string{"completion", "powershell"}},
	} {
		data, err := m.command(ctx, []string{"SOURCE_DATE_EPOCH=" + strconv.FormatInt(m.date.Unix(), 10)}, path, g.args...)
		if err != nil {
			return nil, err
		}
		list = append(list, file{g.name, 0o644, data})
	}
	return list, nil
}

// licences gathers the licences of Go and of all modules that any of the
// programs is built from: each asks that it goes along.
func (m *maker) licences(ctx context.Context) ([]byte, error) {
	dirs := map[string]string{}
	for _, t := range targets {
		for _, env := range [][]string{{"CGO_ENABLED=0"}, {"CGO_ENABLED=1"}} {
			out, err := m.command(ctx, append(env, "GOOS="+t.os, "GOARCH="+t.arch, "GOFLAGS="), m.goCmd,
				"list", "-deps", "-tags", "sqlite_fts5,netgo,osusergo", "-json=Module", "./cmd/lookback")
			if err != nil {
				return nil, err
			}
			if err := addModules(dirs, out); err != nil {
				return nil, err
			}
		}
	}
	root, err := m.command(ctx, nil, m.goCmd, "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	dirs["Go "+runtime.Version()] = strings.TrimSpace(string(root))
	var names []string
	for name := range dirs {
		names = append(names, name)
	}
	slices.Sort(names)
	var b bytes.Buffer
	fmt.Fprintln(&b, "lookback is built from these works, under these licences.")
	for _, name := range names {
		if err := addLicence(&b, name, dirs[name]); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// addModules adds the modules that `go list -json` tells of, but for ours.
func addModules(dirs map[string]string, list []byte) error {
	for dec := json.NewDecoder(bytes.NewReader(list)); ; {
		var p struct {
			Module *struct {
				Path, Version, Dir string
				Main               bool
			}
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if mod := p.Module; mod != nil && !mod.Main {
			dirs[mod.Path+" "+mod.Version] = mod.Dir
		}
	}
}

func addLicence(b *bytes.Buffer, name, dir string) error {
	texts, err := licencesIn(dir)
	if err != nil {
		return err
	}
	if len(texts) == 0 {
		return fmt.Errorf("%s comes without a licence", name)
	}
	fmt.Fprintf(b, "\n%s\n%s\n", strings.Repeat("=", 72), name)
	for _, text := range texts {
		fmt.Fprintf(b, "\n%s\n", bytes.TrimSpace(text))
	}
	return nil
}

// licencesIn returns the licences in a module's folder. Some modules only name
// theirs, and its holder, at the end of their README.
func licencesIn(dir string) (texts [][]byte, err error) {
	for _, pattern := range []string{"LICEN[CS]E*", "COPYING*", "NOTICE*"} {
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				return nil, err
			}
			texts = append(texts, text)
		}
	}
	if len(texts) > 0 {
		return texts, nil
	}
	readme, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if at := regexp.MustCompile(`(?im)^#+ licen[cs]e$`).FindIndex(readme); at != nil {
		texts = append(texts, readme[at[0]:])
	}
	return texts, err
}

// pack makes the archive of one system.
func (m *maker) pack(t target, program string, common []file) ([]byte, error) {
	data, err := os.ReadFile(program)
	if err != nil {
		return nil, err
	}
	files := append(slices.Clone(common), file{t.program(), 0o755, data})
	slices.SortFunc(files, func(a, b file) int { return cmp.Compare(a.name, b.name) })
	if t.os == "windows" {
		return packZip(t.base(m.version), files, m.date)
	}
	return packTar(t.base(m.version), files, m.date)
}
