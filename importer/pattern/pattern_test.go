package pattern_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"lookback/importer/pattern"
)

func TestPattern(t *testing.T) {
	p := pattern.New(`^(\d+)-(\w+)$`)
	for range 2 {
		if m := p.FindStringSubmatch("12-ab"); len(m) != 3 || m[1] != "12" || m[2] != "ab" {
			t.Errorf("FindStringSubmatch: %q", m)
		}
	}
	if p.MatchString("ab") || !p.Match([]byte("1-a")) {
		t.Error("it matches something else than its expression")
	}
	if got := p.ReplaceAllString("1-a", "$2"); got != "a" {
		t.Errorf("ReplaceAllString: %q", got)
	}
}

// TestEveryPattern compiles what would otherwise be compiled at its first use
// only, and keeps expressions from being compiled at every start.
func TestEveryPattern(t *testing.T) {
	seen := 0
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.Contains(name, "pattern") {
			return err
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, name, src, 0)
		if err != nil {
			return err
		}
		for _, decl := range f.Decls {
			vars, ok := decl.(*ast.GenDecl)
			if !ok || vars.Tok != token.VAR {
				continue
			}
			ast.Inspect(vars, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				if fn, ok := call.Fun.(*ast.Ident); ok && fn.Name == "named" && len(call.Args) == 1 {
					if _, err := regexp.Compile(literal(call.Args[0])); err != nil {
						t.Errorf("%s: %v", fset.Position(call.Pos()), err)
					}
				}
				if fn, ok := call.Fun.(*ast.SelectorExpr); ok && len(call.Args) == 1 {
					switch of, _ := fn.X.(*ast.Ident); {
					case of == nil:
					case of.Name == "regexp":
						t.Errorf("%s: an expression that is compiled at every start; use pattern.New", fset.Position(call.Pos()))
					case of.Name == "pattern":
						seen++
						if _, err := regexp.Compile(literal(call.Args[0])); err != nil || literal(call.Args[0]) == "" {
							t.Errorf("%s: %v", fset.Position(call.Pos()), err)
						}
					}
				}
				return true
			})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 50 {
		t.Errorf("only %d patterns were found", seen)
	}
}

// literal is the value of a string, or of several that are added.
func literal(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		if err == nil {
			return s
		}
	case *ast.BinaryExpr:
		return literal(e.X) + literal(e.Y)
	}
	return ""
}
