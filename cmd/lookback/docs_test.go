package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"lookback/importer/all"
	"lookback/report"
	"lookback/scanner"
	"lookback/store"
)

func readDoc(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestReadmeIsWhole: it names every command, column, exit code and kind.
func TestReadmeIsWhole(t *testing.T) {
	readme := readDoc(t, "README.md")
	for _, cmd := range newRoot(newTerminal(strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{})).Commands() {
		if name := cmd.Name(); !cmd.Hidden && name != "help" && name != "completion" && !strings.Contains(readme, "`lookback "+name) {
			t.Errorf("the README does not name the command %s", name)
		}
	}
	for _, col := range report.CSVColumns {
		if !strings.Contains(readme, "`"+col+"`") {
			t.Errorf("the README does not explain the column %s", col)
		}
	}
	for _, k := range store.Kinds {
		if !strings.Contains(readme, "`"+string(k)+"`") {
			t.Errorf("the README does not name the kind %s", k)
		}
	}
	for _, line := range strings.Split(exitCodeHelp, "\n")[1:] {
		code, meaning, _ := strings.Cut(strings.TrimSpace(line), " ")
		if !strings.Contains(strings.ReplaceAll(readme, "`", ""), "| "+code+" | "+strings.TrimSpace(meaning)+" |") {
			t.Errorf("the README does not explain exit code %s as the help does", code)
		}
	}
}

// TestReadmeTables: every table and view that the README documents is in the
// schema.
func TestReadmeTables(t *testing.T) {
	readme := readDoc(t, "README.md")
	_, section, ok := strings.Cut(readme, "### The database")
	if !ok {
		t.Fatal("the README has no section on the database")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	schema, err := os.ReadFile(filepath.Join("..", "..", "store", "schema", "0001.sql"))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range regexp.MustCompile("(?m)^\\| (`.*?`) \\|").FindAllStringSubmatch(section, -1) {
		for name := range strings.SplitSeq(row[1], ", ") {
			name = strings.Trim(name, "`")
			if !regexp.MustCompile(`CREATE (TABLE|VIEW|VIRTUAL TABLE) ` + name + `\b`).Match(schema) {
				t.Errorf("there is no table or view %s", name)
			}
		}
	}
}

// TestContributingRuleWorks: the pack that CONTRIBUTING walks through loads,
// and its examples hold.
func TestContributingRuleWorks(t *testing.T) {
	doc := readDoc(t, "CONTRIBUTING.md")
	_, pack, ok := strings.Cut(doc, "```yaml\n")
	if !ok {
		t.Fatal("CONTRIBUTING.md shows no pack")
	}
	pack, _, _ = strings.Cut(pack, "   ```")
	dir := t.TempDir()
	text := regexp.MustCompile(`(?m)^   `).ReplaceAllString(pack, "")
	if err := os.WriteFile(filepath.Join(dir, "rota.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	rules, err := scanner.Load(scanner.LoadOptions{Dirs: []string{dir}})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := rules.Rule("trust.employer-secrets.rota"); !ok {
		t.Fatal("the rule is not in force")
	}
	failures, err := rules.Check()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range failures {
		if f.Rule == "trust.employer-secrets.rota" {
			t.Error(f)
		}
	}
}

// TestReadmePlatforms: the README says of every platform how to ask for its
// export and what it cannot show.
func TestReadmePlatforms(t *testing.T) {
	_, section, ok := strings.Cut(readDoc(t, "README.md"), "## Every platform")
	if !ok {
		t.Fatal("the README has no section on platforms")
	}
	for _, imp := range all.List {
		name := report.PlatformName(platformOf(imp.Name()))
		row := regexp.MustCompile(`(?m)^\| ` + name + `\b[^|]*\|[^|]{20,}\|[^|]{20,}\|$`)
		if !row.MatchString(section) {
			t.Errorf("the README has no line for %s", name)
		}
	}
}

// TestPackReadme: a pack can use every concept of the engine that the pack
// format names.
func TestPackReadme(t *testing.T) {
	var names []string
	for _, m := range regexp.MustCompile("`(is\\.[a-z-]+)`").FindAllStringSubmatch(readDoc(t, "scanner/packs/README.md"), -1) {
		names = append(names, m[1])
	}
	if len(names) < 20 {
		t.Fatalf("the pack format names only %d concepts", len(names))
	}
	pack := "pack: all\nrules:\n  - id: privacy.case.all\n    theme: privacy.case\n    action: review\n    confidence: 0.5\n" +
		"    when: {any: [" + strings.Join(names, ", ") + "]}\n    examples: {match: [a, b], not: [c, d]}\n"
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "all.yaml"), []byte(pack), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := scanner.Load(scanner.LoadOptions{Dirs: []string{dir}}); err != nil {
		t.Error(err)
	}
}
