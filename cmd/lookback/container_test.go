package main

import (
	"bufio"
	"debug/elf"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// step is one instruction of a Containerfile.
type step struct {
	name  string
	flags map[string]string // --from=build
	args  string
}

// words are the arguments of COPY and its like.
func (s step) words() []string { return strings.Fields(s.args) }

// readContainerfile reads the instructions, and returns them by stage.
func readContainerfile(t *testing.T, name string) (stages [][]step) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	flag := regexp.MustCompile(`^--([a-z]+)=(\S+)\s+`)
	line := ""
	for in := bufio.NewScanner(f); in.Scan(); {
		text := strings.TrimSpace(in.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		line += text
		if more, ok := strings.CutSuffix(line, `\`); ok {
			line = more
			continue
		}
		name, args, _ := strings.Cut(line, " ")
		s := step{name, map[string]string{}, strings.TrimSpace(args)}
		for m := flag.FindStringSubmatch(s.args); m != nil; m = flag.FindStringSubmatch(s.args) {
			s.flags[m[1]] = m[2]
			s.args = s.args[len(m[0]):]
		}
		if line = ""; s.name == "FROM" {
			stages = append(stages, nil)
		}
		if len(stages) == 0 {
			t.Fatalf("%s comes before FROM", s.name)
		}
		stages[len(stages)-1] = append(stages[len(stages)-1], s)
	}
	return stages
}

func find(t *testing.T, stage []step, name string) step {
	t.Helper()
	i := slices.IndexFunc(stage, func(s step) bool { return s.name == name })
	if i < 0 {
		t.Fatalf("there is no %s", name)
	}
	return stage[i]
}

// containerfile reads ours: the stage that builds and the image.
func containerfile(t *testing.T) (build, image []step) {
	t.Helper()
	stages := readContainerfile(t, "Containerfile")
	if len(stages) != 2 {
		t.Fatalf("%d stages", len(stages))
	}
	return stages[0], stages[1]
}

// TestContainerfile: the image is a small one that is nobody's, and the Go
// that it is built with is new enough.
func TestContainerfile(t *testing.T) {
	build, image := containerfile(t)
	known := []string{"FROM", "ARG", "WORKDIR", "COPY", "RUN", "ENV", "VOLUME", "USER", "ENTRYPOINT"}
	for _, s := range append(slices.Clone(build), image...) {
		if !slices.Contains(known, s.name) {
			t.Errorf("%s is not looked at by this test", s.name)
		}
	}
	if from := find(t, image, "FROM").args; !strings.HasPrefix(from, "gcr.io/distroless/static-") || !strings.HasSuffix(from, ":nonroot") {
		t.Errorf("the image is made from %s", from)
	}
	if user := find(t, image, "USER").args; !regexp.MustCompile(`^[1-9]\d*:[1-9]\d*$`).MatchString(user) {
		t.Errorf("the user is %s", user)
	}
	mod := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(readDoc(t, "go.mod"))
	if from := find(t, build, "FROM").args; mod == nil || !strings.Contains(from, "/golang:"+mod[1]+"-") || !strings.HasSuffix(from, " AS build") {
		t.Errorf("it is built by %s, go.mod wants %v", from, mod)
	}
	if tags := find(t, build, "ARG").args; tags != "TAGS=nonetwork" {
		t.Errorf("built with %s, so the image could ask a network", tags)
	}
	for _, s := range image {
		if s.name == "RUN" {
			t.Error("the image has no shell to run anything")
		}
	}
}

// TestContainerSources: what is copied from the source is there, and goes to
// the builder; an archive or a store that lies beside it does not.
func TestContainerSources(t *testing.T) {
	build, image := containerfile(t)
	ignored := ignoring(t)
	n := 0
	for _, s := range append(slices.Clone(build), image...) {
		if s.name != "COPY" || s.flags["from"] != "" {
			continue
		}
		for _, name := range s.words()[:len(s.words())-1] {
			n++
			if _, err := os.Stat(filepath.Join("..", "..", name)); err != nil || ignored(name) {
				t.Errorf("%s cannot be copied: %v", name, err)
			}
		}
	}
	if n < 8 {
		t.Errorf("only %d sources are copied", n)
	}
	for _, name := range []string{"twitter-2026-11-01-abc123.zip", "lookback.db", "lookback-report", "store/mine.db", "cmd/lookback/lookback-report", "cmd/a.db-wal", ".git", "testdata", "demo"} {
		if !ignored(name) {
			t.Errorf("%s would go to the builder", name)
		}
	}
}

// ignoring reads .dockerignore: the last pattern that a name matches holds.
func ignoring(t *testing.T) func(name string) bool {
	t.Helper()
	patterns := strings.Fields(regexp.MustCompile(`(?m)^#.*$`).ReplaceAllString(readDoc(t, ".dockerignore"), ""))
	return func(name string) bool {
		out := false
		for _, p := range patterns {
			p, keep := strings.CutPrefix(p, "!")
			deep, anywhere := strings.CutPrefix(p, "**/")
			for at := name; at != "."; at = path.Dir(at) {
				hit, _ := path.Match(p, at)
				if base, _ := path.Match(deep, path.Base(at)); hit || anywhere && base {
					out = !keep
				}
			}
		}
		return out
	}
}

// TestContainerBuilds does what an engine would do: it copies and runs the
// steps of the first stage, puts together what the image would hold, and
// starts the entry point there as the image's user, without a network where it
// may.
func TestContainerBuilds(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil || runtime.GOOS != "linux" {
		t.Skip("the image is for Linux")
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("the go command is not here")
	}
	if testing.Short() {
		t.Skip("builds the program")
	}
	build, image := containerfile(t)
	b := &builder{t: t, root: t.TempDir(), sh: sh, source: filepath.Join("..", "..")}
	// The image's program needs modules that the one tested may not: they are
	// fetched first, since the steps run without a network.
	fetch := exec.Command("go", "list", "-deps", "./cmd/lookback")
	fetch.Dir, fetch.Env = b.source, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := fetch.CombinedOutput(); err != nil {
		t.Fatalf("fetching the modules: %v\n%s", err, out)
	}
	for _, s := range build {
		b.do(s)
	}
	rootfs := &builder{t: t, root: t.TempDir(), source: b.source, from: b.root}
	for _, s := range image {
		rootfs.do(s)
	}
	rootfs.start(find(t, image, "ENTRYPOINT").args, find(t, image, "USER").args)
}

// builder is one stage in a folder that stands for its root.
type builder struct {
	t            *testing.T
	root, source string
	from         string // the root of the stage before
	sh           string
	work         string
	env          []string
}

// under is a path of the image here.
func (b *builder) under(name string) string {
	if !path.IsAbs(name) {
		name = path.Join(b.work, name)
	}
	return filepath.Join(b.root, filepath.FromSlash(name))
}

func (b *builder) do(s step) {
	b.t.Helper()
	switch s.name {
	case "ARG", "ENV":
		b.env = append(b.env, s.words()...)
	case "WORKDIR":
		b.work = s.args
		if err := os.MkdirAll(b.under("."), 0o755); err != nil {
			b.t.Fatal(err)
		}
	case "COPY":
		w := s.words()
		for _, name := range w[:len(w)-1] {
			b.copy(s, name, w[len(w)-1])
		}
	case "RUN":
		cmd := exec.Command(b.sh, "-c", s.args)
		cmd.Dir = b.under(".")
		cmd.Env = append(append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=readonly", "PWD="+cmd.Dir), b.env...)
		if out, err := cmd.CombinedOutput(); err != nil {
			b.t.Fatalf("RUN %s: %v: %s", s.args, err, out)
		}
	}
}

// copy copies a file or a folder as COPY does.
func (b *builder) copy(s step, name, to string) {
	b.t.Helper()
	from := filepath.Join(b.source, name)
	if s.flags["from"] != "" {
		from = filepath.Join(b.from, name)
	}
	dst := b.under(to)
	if strings.HasSuffix(to, "/") {
		dst = filepath.Join(dst, filepath.Base(name))
	}
	st, err := os.Stat(from)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(dst), 0o755); err != nil {
		b.t.Fatal(err)
	}
	if st.IsDir() {
		err = copyTree(from, dst)
	} else {
		var data []byte
		if data, err = os.ReadFile(from); err == nil {
			err = os.WriteFile(dst, data, st.Mode())
		}
	}
	if err != nil {
		b.t.Fatal(err)
	}
	if owner := s.flags["chown"]; owner != "" && os.Geteuid() == 0 {
		uid, gid := ids(b.t, owner)
		if err := errors.Join(os.Chown(dst, uid, gid), os.Chmod(dst, st.Mode().Perm())); err != nil {
			b.t.Fatal(err)
		}
	}
}

// copyTree copies a folder that may be there already, without tests' data,
// which no build needs.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(name string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		if d.IsDir() {
			if d.Name() == "testdata" {
				return filepath.SkipDir
			}
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		}
		if !d.Type().IsRegular() {
			return nil
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), data, 0o644)
	})
}

func ids(t *testing.T, owner string) (uid, gid int) {
	t.Helper()
	if _, err := fmt.Sscanf(owner, "%d:%d", &uid, &gid); err != nil {
		t.Fatalf("%s is not two numbers", owner)
	}
	return uid, gid
}

// start starts the entry point in the image's root.
func (b *builder) start(entry, user string) {
	b.t.Helper()
	var argv []string
	if err := json.Unmarshal([]byte(entry), &argv); err != nil || len(argv) != 1 {
		b.t.Fatalf("the entry point is %s: %v", entry, err)
	}
	f, err := elf.Open(b.under(argv[0]))
	if err != nil {
		b.t.Fatal(err)
	}
	defer f.Close()
	if libs, err := f.ImportedLibraries(); err != nil || len(libs) > 0 || slices.ContainsFunc(f.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP }) {
		b.t.Errorf("it needs %v, which the image has not: %v", libs, err)
	}
	archives := filepath.Join(b.root, "archives")
	if err := os.CopyFS(archives, os.DirFS(filepath.Join(b.source, "testdata", "everyone"))); err != nil {
		b.t.Fatal(err)
	}
	out, err := b.run(user, argv[0], "audit", "/archives")
	if err != nil || !strings.Contains(out, "What was read") {
		b.t.Fatalf("an audit in the image: %v: %s", err, out)
	}
	for name, want := range map[string]os.FileMode{"/data": 0o700, "/data/lookback/lookback.db": 0o600, "/data/lookback-report": 0o700, "/data/lookback-report/report.html": 0o600} {
		if st, err := os.Stat(b.under(name)); err != nil || st.Mode().Perm() != want {
			b.t.Errorf("%s: %v, want mode %o", name, err, want)
		}
	}
	if out, err := b.run(user, argv[0], "audit", "--live", "x:@anybody"); err == nil || !strings.Contains(out, "network") {
		b.t.Errorf("the image could ask a network: %v: %s", err, out)
	}
}
