package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"debug/pe"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// fakeGo stands for the go command: what it "builds" is a script that answers
// as lookback does. FAKE_FINDS is what the programs of a system find.
const fakeGo = `#!/bin/sh
case "$1" in
list) echo '{"Module":{"Path":"example.org/a","Version":"v1.0.0","Dir":"'"$FAKE_DIR"'"}} {"Module":{"Path":"lookback","Main":true}} {}'; exit ;;
env) echo "$FAKE_DIR"; exit ;;
esac
while [ $# -gt 0 ]; do case "$1" in -o) out=$2 ;; -ldflags) flags=$2 ;; -tags) tags=$2 ;; esac; shift; done
version=$(echo "$flags" | sed 's/.*main.version=\([^ ]*\).*/\1/')
commit=$(echo "$flags" | sed 's/.*main.commit=\([^ ]*\).*/\1/')
mkdir -p "$(dirname "$out")"
cat > "$out" <<END
#!/bin/sh
case "\$1" in
version) echo '{"version":"$version","commit":"$commit","os":"$GOOS","arch":"$GOARCH"}' ;;
audit) mkdir -p out; cat sample/* > out/findings.csv; echo '$FAKE_FINDS' | grep -q $GOOS/$GOARCH && echo more >> out/findings.csv; exit 0 ;;
*) echo "\$@ of \$SOURCE_DATE_EPOCH" ;;
esac
END
chmod 755 "$out"
echo "$GOOS/$GOARCH $CGO_ENABLED $tags" >> "$FAKE_DIR/built"
`

// workshop is a folder with all that a release is made from, and a maker in it.
func workshop(t *testing.T) (m maker, said *bytes.Buffer) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the stand-in for the go command is a script")
	}
	dir := t.TempDir()
	t.Chdir(dir)
	for name, text := range map[string]string{"README.md": "read me", "LICENSE": "the licence", "CHANGELOG.md": "changes", "sample/a.zip": "an archive"} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile("go", []byte(fakeGo), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("FAKE_DIR", dir)
	said = &bytes.Buffer{}
	return maker{
		version: "1.2.3", commit: "c0ffee", date: time.Unix(1795348572, 0).UTC(), dir: "dist", sample: "sample",
		goCmd: filepath.Join(dir, "go"), out: said,
		lookPath: func(name string) (string, error) { return "", exec.ErrNotFound },
	}, said
}

// readAll reads the files of a folder.
func readAll(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = string(b)
	}
	return all
}

func TestMakeTwice(t *testing.T) {
	m, said := workshop(t)
	if err := os.MkdirAll("dist", 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"dist/lookback-0.9-linux-amd64.tar.gz", "dist/notes.txt"} {
		if err := os.WriteFile(name, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.make(t.Context(), targets); err != nil {
		t.Fatal(err)
	}
	first := readAll(t, "dist")
	want := []string{"lookback-1.2.3-linux-amd64.tar.gz", "lookback-1.2.3-linux-arm64.tar.gz", "lookback-1.2.3-macos-amd64.tar.gz",
		"lookback-1.2.3-macos-arm64.tar.gz", "lookback-1.2.3-windows-amd64.zip"}
	var sums strings.Builder
	for _, name := range want {
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256([]byte(first[name])), name)
	}
	if diff := cmp.Diff(sums.String(), first[sumsFile]); diff != "" || len(first) != len(want)+2 {
		t.Errorf("%d files; checksums: %s", len(first), diff)
	}
	if strings.Count(said.String(), "\n") != len(targets) || !strings.Contains(said.String(), "not run: nothing here runs programs for darwin/arm64") {
		t.Errorf("it said %q", said.String())
	}
	m.tmp, m.findings = "", nil
	if err := m.make(t.Context(), targets); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, readAll(t, "dist")); diff != "" {
		t.Error("the second time other bytes came out")
	}
}

func TestArchiveHolds(t *testing.T) {
	m, _ := workshop(t)
	if err := m.make(t.Context(), targets); err != nil {
		t.Fatal(err)
	}
	for _, tg := range targets {
		dir := t.TempDir()
		if err := unpack(filepath.Join("dist", tg.archive("1.2.3")), dir); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{
			tg.program(): `"os":"` + tg.os + `","arch":"` + tg.arch, "README.md": "read me", "LICENSE": "the licence", "CHANGELOG.md": "changes",
			"LICENSES-OF-OTHERS.txt": "example.org/a v1.0.0\n\nthe licence", "man/lookback.1": "man of 1795348572",
			"completions/lookback.bash": "completion bash", "completions/_lookback": "completion zsh",
			"completions/lookback.fish": "completion fish", "completions/lookback.ps1": "completion powershell",
		} {
			path := filepath.Join(dir, tg.base("1.2.3"), filepath.FromSlash(name))
			b, err := os.ReadFile(path)
			if err != nil || !bytes.Contains(b, []byte(want)) {
				t.Errorf("%s: %s: %v", tg, name, err)
				continue
			}
			if st, err := os.Stat(path); err != nil || tg.os != "windows" && (st.Mode()&0o111 != 0) != (name == tg.program()) {
				t.Errorf("%s: %s has mode %v, %v", tg, name, st.Mode(), err)
			}
		}
	}
}

// TestTries: programs for this system run, and one that says or finds
// something else is not handed out.
func TestTries(t *testing.T) {
	m, said := workshop(t)
	list := []target{{os: runtime.GOOS, arch: runtime.GOARCH}}
	if err := m.make(t.Context(), list); err != nil || !strings.Contains(said.String(), ", ran\n") {
		t.Errorf("%v; said %q", err, said.String())
	}
	before := readAll(t, "dist")
	m.findings = []byte("something else")
	if err := m.make(t.Context(), list); err == nil || !strings.Contains(err.Error(), "finds something else") {
		t.Errorf("error is %v", err)
	}
	m.findings, m.commit = nil, "c0ffee -X main.commit=other"
	if err := m.make(t.Context(), list); err == nil || !strings.Contains(err.Error(), "it says that it is") {
		t.Errorf("error is %v", err)
	}
	if diff := cmp.Diff(before, readAll(t, "dist")); diff != "" {
		t.Error("what was there was changed by a release that failed")
	}
}

// TestEmulator: a program of another system runs under the emulator that is
// here, and must find the same.
func TestEmulator(t *testing.T) {
	m, said := workshop(t)
	if err := os.WriteFile("emulate", []byte("#!/bin/sh\nexec sh \"$@\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	emulate, err := filepath.Abs("emulate")
	if err != nil {
		t.Fatal(err)
	}
	other := targets[1]
	if other.isHost() {
		other = targets[0]
	}
	m.lookPath = func(name string) (string, error) {
		if name == emulators[other.String()][1] {
			return emulate, nil
		}
		return "", exec.ErrNotFound
	}
	list := []target{{os: runtime.GOOS, arch: runtime.GOARCH}, other}
	if err := m.make(t.Context(), list); err != nil || !strings.Contains(said.String(), ", ran under emulate\n") {
		t.Errorf("%v; said %q", err, said.String())
	}
	t.Setenv("FAKE_FINDS", other.String())
	m.findings = nil
	if err := m.make(t.Context(), list); err == nil || !strings.Contains(err.Error(), "finds something else") {
		t.Errorf("error is %v", err)
	}
}

// TestCompiler: where a C compiler works, the driver in C is built in.
func TestCompiler(t *testing.T) {
	m, said := workshop(t)
	m.lookPath = func(name string) (string, error) {
		return "/bin/" + map[bool]string{true: "true", false: "false"}[name == targets[1].cc], nil
	}
	if _, err := os.Stat("/bin/true"); err != nil {
		t.Skip("there is no /bin/true")
	}
	m.tmp = t.TempDir()
	for i, want := range []string{"pure Go", "C"} {
		if targets[i].isHost() && i == 1 {
			continue
		}
		if _, driver, err := m.build(t.Context(), targets[i]); err != nil || driver != want {
			t.Errorf("%s: %s, %v; said %q", targets[i], driver, err, said)
		}
	}
	built, err := os.ReadFile("built")
	if err != nil || !strings.Contains(string(built), "linux/amd64 0 \n") || !strings.Contains(string(built), "linux/arm64 1 sqlite_fts5,netgo,osusergo") {
		t.Errorf("built %q, %v", built, err)
	}
}

func TestUsage(t *testing.T) {
	for _, tc := range []struct {
		args string
		code int
		says string
	}{
		{"-only plan9/mips", 2, "is none of"},
		{"here", 2, "takes no arguments"},
		{"-nonsense", 2, "not defined"},
		{"-h", 0, "lookback-dist builds the archives"},
		{"-go /nowhere/go", 1, "README.md"},
	} {
		t.Run(tc.args, func(t *testing.T) {
			t.Chdir(t.TempDir())
			var errs bytes.Buffer
			if code := run(strings.Fields(tc.args), io.Discard, &errs); code != tc.code || !strings.Contains(errs.String(), tc.says) {
				t.Errorf("exit %d, said %q", code, errs.String())
			}
		})
	}
}

// TestAddLicence: what asks for its licence to go along must have one, in a
// file of its own or in its README.
func TestAddLicence(t *testing.T) {
	for _, tc := range []struct{ file, text, want string }{
		{"LICENSE.md", "do as you like\n", "\ndo as you like\n"},
		{"COPYING", "do as you like", "\ndo as you like\n"},
		{"README.md", "# a\n\n## License\n\nMIT\n\n## Author\n\nAnn\n", "\n## License\n\nMIT\n\n## Author\n\nAnn\n"},
		{"README.md", "# a\n\nit needs no license\n", ""},
		{"main.go", "package main", ""},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, tc.file), []byte(tc.text), 0o644); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		err := addLicence(&b, "example.org/a v1", dir)
		if _, got, _ := strings.Cut(b.String(), "example.org/a v1\n"); got != tc.want || (err == nil) != (tc.want != "") {
			t.Errorf("%s: %q, %v; want %q", tc.file, got, err, tc.want)
		}
	}
}

// TestLicences: all that the programs are built from comes with a licence.
func TestLicences(t *testing.T) {
	if testing.Short() {
		t.Skip("asks the go command about every system")
	}
	path, err := exec.LookPath("go")
	if err != nil {
		t.Skip("the go command is not here")
	}
	t.Chdir(filepath.Join("..", ".."))
	m := maker{goCmd: path}
	text, err := m.licences(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\nGo go1", "\ngithub.com/mattn/go-sqlite3 v", "\nmodernc.org/sqlite v", "\ngithub.com/spf13/cobra v"} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("the licences lack %q", want)
		}
	}
}

// TestForwarder: the library is one that Windows would load, with the one
// export that hands the call on.
func TestForwarder(t *testing.T) {
	b := forwarder(prngName, "ProcessPrng", "ADVAPI32.SystemFunction036")
	f, err := pe.NewFile(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	head := f.OptionalHeader.(*pe.OptionalHeader64)
	if f.Machine != pe.IMAGE_FILE_MACHINE_AMD64 || f.Characteristics&pe.IMAGE_FILE_DLL == 0 || head.AddressOfEntryPoint != 0 ||
		head.SizeOfImage != 2*pageSize || head.NumberOfRvaAndSizes != 16 || head.Subsystem != pe.IMAGE_SUBSYSTEM_WINDOWS_CUI {
		t.Errorf("headers: %+v %+v", f.FileHeader, head)
	}
	data, err := f.Section(".edata").Data()
	if err != nil {
		t.Fatal(err)
	}
	at := func(off int) string { // the word that an address in the table points to
		from := int(uint32(data[off])|uint32(data[off+1])<<8) - pageSize
		word, _, _ := bytes.Cut(data[from:], []byte{0})
		return string(word)
	}
	got := []string{at(12), at(exportSize), at(exportSize + 4)}
	if diff := cmp.Diff([]string{prngName, "ADVAPI32.SystemFunction036", "ProcessPrng"}, got); diff != "" {
		t.Error(diff)
	}
	if dir := head.DataDirectory[0]; dir.VirtualAddress != pageSize || int(dir.Size) != exportSize+12+len(strings.Join(got, "0"))+1 {
		t.Errorf("the table of exports is said to be at %+v", dir)
	}
}

// TestUnpackStaysInside: names that lead out are refused.
func TestUnpackStaysInside(t *testing.T) {
	data, err := packTar("..", []file{{"x", 0o644, nil}}, time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.tar.gz")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := unpack(path, t.TempDir()); err == nil || !strings.Contains(err.Error(), "leads out") {
		t.Errorf("error is %v", err)
	}
}
