package all_test

import (
	"path/filepath"
	"testing"

	"lookback/importer/all"
	"lookback/importer/importertest"
)

// TestConformance runs the suite for every importer over every fixture. A
// platform that is new in the list is picked up by itself.
func TestConformance(t *testing.T) {
	for _, imp := range all.List {
		t.Run(imp.Name(), func(t *testing.T) {
			importertest.Run(t, imp, filepath.Join("..", "..", "testdata", imp.Name()), all.List...)
		})
	}
}

func TestNames(t *testing.T) {
	seen := map[string]bool{}
	for _, imp := range all.List {
		if name := imp.Name(); name == "" || seen[name] {
			t.Errorf("the name %q is empty or taken", name)
		} else {
			seen[name] = true
		}
	}
}
