package main

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// pkg is one package as `go list -deps -json` tells of it.
type pkg struct {
	ImportPath string
	Imports    []string
	Standard   bool
}

// listDeps lists the packages of this module and all that they are built
// from, by import path.
func listDeps(t *testing.T, flags ...string) map[string]pkg {
	t.Helper()
	return listOf(t, append(slices.Clone(flags), "lookback/...")...)
}

// listOf lists what some packages, or those of a build, are built from.
func listOf(t *testing.T, args ...string) map[string]pkg {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("the go command is not here")
	}
	cmd := exec.Command("go", append([]string{"list", "-deps", "-json=ImportPath,Imports,Standard"}, args...)...)
	out, err := cmd.Output()
	if err != nil {
		var ee *exec.ExitError
		if errors.As(err, &ee) {
			t.Fatalf("go list: %s", ee.Stderr)
		}
		t.Fatal(err)
	}
	all := map[string]pkg{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all[p.ImportPath] = p
	}
}

// room is the first folder of a package of ours: "store" of lookback/store,
// "cmd/lookback" for the commands.
func room(path string) string {
	rest, ok := strings.CutPrefix(path, "lookback/")
	if !ok {
		return ""
	}
	if strings.HasPrefix(rest, "cmd/") {
		return strings.Join(strings.SplitN(rest, "/", 3)[:2], "/")
	}
	first, _, _ := strings.Cut(rest, "/")
	return first
}

// mayImport is the table of the house: what a room may import of ours.
var mayImport = map[string][]string{
	"store":    nil,
	"importer": {"store"},
	"scanner":  {"store"},
	"report":   {"store"},
}

func TestRoomsKeepApart(t *testing.T) {
	for path, p := range listDeps(t) {
		r := room(path)
		allowed, house := mayImport[r]
		for _, imp := range p.Imports {
			other := room(imp)
			if other == "" || other == r {
				continue
			}
			if house && !slices.Contains(allowed, other) {
				t.Errorf("%s imports %s", path, imp)
			}
			if strings.HasPrefix(other, "cmd/") && !madeForMeasuring(path, imp) {
				t.Errorf("%s imports %s, which is a command", path, imp)
			}
		}
	}
}

// madeForMeasuring: the benchmark measures on the archives that the generator
// makes.
func madeForMeasuring(path, imp string) bool {
	return strings.HasSuffix(path, "cmd/lookback-bench") && strings.HasSuffix(imp, "cmd/lookback-gen/synth")
}

// The progress bar can show itself over HTTP, so it is built from net/http.
// lookback never asks it to: TestNoSocket watches.
const barPackage = "github.com/schollz/progressbar/v3"

// Two packages may reach out to a network: one for live accounts, and one for
// a judge, which asks a language model that the person runs.
const (
	livePackage  = "lookback/importer/live"
	judgePackage = "lookback/scanner/judge"
)

// typesPackage decodes posts in the shape of X's API with go-twitter's types,
// and nothing more of it. go-twitter holds a client too, so this package is
// built from net/http, but for builds with the tag nonetwork.
const (
	typesPackage   = "lookback/importer/xapi"
	twitterPackage = "github.com/dghubble/go-twitter/twitter"
)

// servePackage is the page to review on. It is a server and no client:
// TestServeOnlyListens.
const servePackage = "lookback/report/serve"

func TestNobodyReachesTheNetwork(t *testing.T) {
	all := listDeps(t)
	for path, p := range all {
		if room(path) == "" || path == livePackage || path == judgePackage || path == servePackage {
			continue
		}
		if slices.Contains(p.Imports, "net/http") || slices.Contains(p.Imports, "net") || slices.Contains(p.Imports, "crypto/tls") {
			t.Errorf("%s imports a package for the network", path)
		}
		ways := []string{livePackage, judgePackage, typesPackage}
		if path == typesPackage {
			ways = []string{twitterPackage}
		} else if slices.Contains(p.Imports, twitterPackage) {
			t.Errorf("%s imports go-twitter", path)
		}
		for _, room := range []string{"store", "importer", "scanner", "report"} {
			if strings.HasPrefix(path, "lookback/"+room) && reaches(all, path, "net/http", ways) {
				t.Errorf("%s reaches net/http", path)
			}
		}
		if reaches(all, path, "net/http", append(ways, barPackage, servePackage)) {
			t.Errorf("%s reaches net/http by another way than the progress bar and the page", path)
		}
	}
}

// TestNoNetworkBuild: with the tag nonetwork neither the packages for live
// accounts and for a judge nor what they use are linked, and net/http only by
// the progress bar.
func TestNoNetworkBuild(t *testing.T) {
	const program, goTwitter = "lookback/cmd/lookback", "github.com/dghubble/"
	linked := func(all map[string]pkg) (names []string) {
		for path := range all {
			if path == livePackage || path == judgePackage || strings.HasPrefix(path, goTwitter) {
				names = append(names, path)
			}
		}
		return names
	}
	if got := linked(listOf(t, program)); len(got) < 3 {
		t.Errorf("the usual build lacks live accounts or the judge: it links %v", got)
	}
	without := listOf(t, "-tags", "nonetwork", program)
	if got := linked(without); len(got) > 0 {
		t.Errorf("the build without network links %v", got)
	}
	if reaches(without, program, "net/http", []string{barPackage, servePackage}) {
		t.Error("the build without network reaches net/http by another way than the progress bar and the page")
	}
}

// TestServeOnlyListens: the page uses of the packages for the network what a
// server needs, listens in one place, on the loopback address, and names
// nothing that could open a connection. A test of the package itself looks at
// the address that it listens on.
func TestServeOnlyListens(t *testing.T) {
	for _, imp := range listDeps(t)[servePackage].Imports {
		if strings.HasPrefix(imp, "net/") && imp != "net/http" && imp != "net/url" || strings.HasPrefix(imp, "crypto/tls") || imp == "os/exec" || imp == "syscall" {
			t.Errorf("the page imports %s", imp)
		}
	}
	dir := filepath.Join("..", "..", "report", "serve")
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("the page's source is not there: %v", err)
	}
	may := map[string][]string{
		"net": {"Listen", "Listener", "Addr", "TCPAddr", "JoinHostPort"},
		"http": {"Handler", "HandlerFunc", "Header", "Server", "ResponseWriter", "Request", "NewServeMux", "ErrServerClosed", "ErrAbortHandler", "Cookie", "SetCookie",
			"SameSiteStrictMode", "Error", "Redirect", "MaxBytesReader", "NewResponseController"},
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && named(call.Fun, "net", "Listen") && !loopback(call) {
				t.Errorf("%s listens elsewhere than on the loopback address", filepath.Base(file))
			}
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			pkg, ok := sel.X.(*ast.Ident)
			if !ok || may[pkg.Name] == nil {
				return true
			}
			if name := sel.Sel.Name; !slices.Contains(may[pkg.Name], name) && !strings.HasPrefix(name, "Status") && !strings.HasPrefix(name, "Method") {
				t.Errorf("%s uses %s.%s", filepath.Base(file), pkg.Name, name)
			}
			return true
		})
	}
}

func named(e ast.Expr, pkg, name string) bool {
	sel, ok := e.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	return ok && x.Name == pkg && sel.Sel.Name == name
}

// loopback says whether a call is net.Listen("tcp4", net.JoinHostPort("127.0.0.1", ...)).
func loopback(call *ast.CallExpr) bool {
	if len(call.Args) != 2 {
		return false
	}
	join, ok := call.Args[1].(*ast.CallExpr)
	if !ok || !named(join.Fun, "net", "JoinHostPort") || len(join.Args) != 2 {
		return false
	}
	host, ok := join.Args[0].(*ast.BasicLit)
	return ok && host.Value == `"127.0.0.1"`
}

// reaches says whether target is among what a package is built from, leaving
// out the ways through some packages.
func reaches(all map[string]pkg, from, target string, without []string) bool {
	seen := map[string]bool{}
	var walk func(string) bool
	walk = func(path string) bool {
		if path == target {
			return true
		}
		if seen[path] || slices.Contains(without, path) {
			return false
		}
		seen[path] = true
		return slices.ContainsFunc(all[path].Imports, walk)
	}
	return walk(from)
}
