package all_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"lookback/importer/importertest"
)

// TestContributingPlatformWorks: the importer that CONTRIBUTING shows builds
// and passes the conformance suite.
func TestContributingPlatformWorks(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a test of its own")
	}
	whole, err := os.ReadFile(filepath.Join("..", "..", "CONTRIBUTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, doc, _ := strings.Cut(string(whole), "## Adding a platform")
	_, code, ok := strings.Cut(doc, "```go\n")
	if !ok {
		t.Fatal("CONTRIBUTING.md shows no importer")
	}
	code, _, _ = strings.Cut(code, "   ```")
	code = regexp.MustCompile(`(?m)^   `).ReplaceAllString(code, "")
	dir := importertest.WriteFolder(t,
		importertest.Text("example.go", code),
		importertest.Text("fixtures/json/example/profile.json", `{"handle": "ann", "since": [2019]}`),
		importertest.Text("fixtures/json/example/posts.json", `[{"id": "7", "at": 1700000000, "text": "Tea before the late shift"}, {"id": 8, "text": "caf\u00e9 ☕"}]`),
		importertest.Text("fixtures/json/example/media/1.jpg", "picture"),
		importertest.Text("example_test.go", `package all_test

import (
	"os"
	"testing"

	"lookback/importer/all"
	"lookback/importer/example"
	"lookback/importer/importertest"
)

func TestExample(t *testing.T) {
	importertest.Run(t, example.New(), os.Getenv("EXAMPLE_FIXTURES"), append(all.List, example.New())...)
}
`))
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {
		filepath.Join(root, "importer", "example", "example.go"):  filepath.Join(dir, "example.go"),
		filepath.Join(root, "importer", "all", "example_test.go"): filepath.Join(dir, "example_test.go"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	file := importertest.Write(t, "overlay.json", overlay)
	for _, update := range []string{"-update", "-update=false"} { // the golden is written, then compared with
		cmd := exec.Command("go", "test", "-overlay", file, "-vet=off", "-run", "TestExample", "lookback/importer/all", update)
		cmd.Dir, cmd.Env = root, append(os.Environ(), "EXAMPLE_FIXTURES="+filepath.Join(dir, "fixtures"))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
}
