package importer_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lookback/importer"
	"lookback/importer/importertest"
)

func TestGroup(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"a.zip b.zip", "[[a.zip] [b.zip]]"},
		{"a.zip ./a.zip", "[[a.zip]]"},
		{"takeout-20260102T030405Z-002.zip x.csv takeout-20260102T030405Z-001.zip",
			"[[takeout-20260102T030405Z-001.zip takeout-20260102T030405Z-002.zip] [x.csv]]"},
		{"takeout-20260102T030405Z-1-001.zip takeout-20260102T030405Z-1-002.zip takeout-20260102T030405Z-2-001.zip",
			"[[takeout-20260102T030405Z-1-001.zip takeout-20260102T030405Z-1-002.zip takeout-20260102T030405Z-2-001.zip]]"},
		{"takeout-20260102T030405Z-001.zip takeout-20260109T030405Z-002.zip",
			"[[takeout-20260102T030405Z-001.zip] [takeout-20260109T030405Z-002.zip]]"},
		{"mydata~123.zip mydata~123-2.zip mydata~123-3.zip", "[[mydata~123.zip mydata~123-2.zip mydata~123-3.zip]]"},
		{"facebook-ann-2.zip facebook-ann-1.zip facebook-ann-10.zip", "[[facebook-ann-1.zip facebook-ann-2.zip facebook-ann-10.zip]]"},
		{"d/f-1.zip e/f-2.zip", "[[d/f-1.zip] [e/f-2.zip]]"},
		{"export part 1 of 2.zip export part 2 of 2.zip", ""},
		{"exp-part1-of-2.tar.gz exp-part2-of-2.tar.gz", "[[exp-part1-of-2.tar.gz exp-part2-of-2.tar.gz]]"},
		{"x-2024-11-01.zip x-2024-11-02.zip", "[[x-2024-11-01.zip] [x-2024-11-02.zip]]"},
		{"x-1.zip x-01.zip x-2.zip", "[[x-1.zip] [x-01.zip] [x-2.zip]]"},
		{"f.zip f(1).zip", "[[f.zip] [f(1).zip]]"},
		{"chat-1.csv chat-2.csv", "[[chat-1.csv] [chat-2.csv]]"},
		{"WhatsApp-Chat-Ann-1.zip WhatsApp-Chat-Ann-2.zip", "[[WhatsApp-Chat-Ann-1.zip] [WhatsApp-Chat-Ann-2.zip]]"},
		{"export_ann_20260102.zip export_ann_20260103.zip", "[[export_ann_20260102.zip] [export_ann_20260103.zip]]"},
	} {
		if c.want == "" {
			continue
		}
		if got := fmt.Sprint(importer.Group(strings.Fields(c.in))); got != c.want {
			t.Errorf("%s: got %s, want %s", c.in, got, c.want)
		}
	}
	if got := importer.Group([]string{"my export part 1 of 2.zip", "my export part 2 of 2.zip"}); len(got) != 1 {
		t.Errorf("got %v", got)
	}
}

func TestMissingParts(t *testing.T) {
	for names, want := range map[string]bool{
		"takeout-20260102T030405Z-001.zip":      false,
		"takeout-20260102T030405Z-002.zip":      true,
		"mydata~123.zip":                        false,
		"mydata~123-2.zip":                      true,
		"facebook-ann-1.zip facebook-ann-3.zip": true,
		"facebook-ann-1.zip facebook-ann-2.zip": false,
		"facebook-ann-2.zip":                    false,
		"tweets.csv":                            false,
	} {
		if got := importer.MissingParts(strings.Fields(names)...); got != want {
			t.Errorf("%s: %v", names, got)
		}
	}
}

func TestDiscover(t *testing.T) {
	list := []importer.Importer{fake{name: "a"}, fake{name: "b"}, fake{name: "c"}}
	zipped := func(name string) []byte { return importertest.Zip(text(name+".list", "x")) }
	for name, c := range map[string]struct {
		files []file
		want  string
	}{
		"an export":           {[]file{text("a.list", "x"), text("b/c.txt", "x")}, "[[.]]"},
		"an export with zips": {[]file{text("a.list", "x"), {Name: "media.zip", Data: importertest.Zip(text("1.jpg", "x"))}}, "[[.]]"},
		"zips":                {[]file{{Name: "1.zip", Data: zipped("a")}, {Name: "2.zip", Data: zipped("b")}, text("n.txt", "x")}, "[[1.zip] [2.zip]]"},
		"folders":             {[]file{text("1/a.list", "x"), text("2/b.list", "x"), text("3/x.txt", "x")}, "[[1] [2]]"},
		"folder and zip":      {[]file{text("1/a.list", "x"), {Name: "2.zip", Data: zipped("b")}}, "[[1] [2.zip]]"},
		"a bad zip too":       {[]file{{Name: "1.zip", Data: zipped("a")}, text("2.zip", "PK\x03\x04")}, "[[1.zip] [2.zip]]"},
		"parts":               {[]file{{Name: "f-1.zip", Data: zipped("a")}, {Name: "f-2.zip", Data: zipped("b")}}, "[[f-1.zip f-2.zip]]"},
		"nothing":             {[]file{text("x.txt", "x")}, "[[.]]"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := importertest.WriteFolder(t, c.files...)
			found, err := importer.Discover(t.Context(), []string{dir}, list)
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range found {
				for i := range g {
					g[i], _ = filepath.Rel(dir, g[i])
				}
			}
			if got := fmt.Sprint(found); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	file := importertest.Write(t, "x.zip", []byte("x"))
	if got, err := importer.Discover(t.Context(), []string{file, filepath.Join(os.TempDir(), "none-here")}, list); err != nil || len(got) != 2 {
		t.Errorf("got %v, %v", got, err)
	}
}
