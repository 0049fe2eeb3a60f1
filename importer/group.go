package importer

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"lookback/importer/pattern"
	"lookback/store"
)

// Group puts the files that are parts of one export together, judging by
// their names: takeout-…-001.zip and -002.zip, mydata~1.zip and
// mydata~1-2.zip. Both the groups and the rest keep the order in which they
// were given; parts are ordered by number. A path given twice counts once.
func Group(paths []string) [][]string {
	var groups [][]part
	at := make(map[string]int)
	seen := make(map[string]bool)
	for _, p := range paths {
		clean := filepath.Clean(p)
		if seen[clean] {
			continue
		}
		seen[clean] = true
		piece := partOf(p)
		key := filepath.Join(filepath.Dir(clean), piece.set)
		if i, ok := at[key]; ok && piece.set != "" {
			groups[i] = append(groups[i], piece)
			continue
		}
		if piece.set != "" {
			at[key] = len(groups)
		}
		groups = append(groups, []part{piece})
	}
	out := make([][]string, 0, len(groups))
	for _, g := range groups {
		slices.SortStableFunc(g, func(a, b part) int { return cmp.Compare(a.number, b.number) })
		out = append(out, split(g)...)
	}
	return out
}

// split returns a group as one export, or, where two files claim the same
// number or none has one, as separate exports.
func split(g []part) [][]string {
	whole := len(g) > 1 && g[len(g)-1].number > 1
	for i := 1; i < len(g); i++ {
		whole = whole && g[i].number != g[i-1].number
	}
	var out [][]string
	if whole {
		out = [][]string{nil}
	}
	for _, p := range g {
		if whole {
			out[0] = append(out[0], p.path)
		} else {
			out = append(out, []string{p.path})
		}
	}
	return out
}

// part is a path with the export and the number that its name tells.
type part struct {
	path   string
	set    string // empty where the name tells none
	number int    // 1-based; 1 too for a name without a number
}

var (
	archiveExt = pattern.New(`(?i)(\.zip|\.tar\.gz|\.tgz|\.tar)$`)
	numbered   = pattern.New(`(?i)^(.+?)[-_. ]+(?:part[-_. ]*)?(\d{1,3})(?:[-_ ]*of[-_ ]*\d{1,3})?$`)
	takeout    = pattern.New(`(?i)^(takeout-\d{8}t\d{6}z)(?:-(\d{1,3}))?-(\d{1,3})$`)
	chat       = pattern.New(`(?i)^whatsapp`) // a number is part of the chat's name
	dated      = pattern.New(`\d{4}[-_.]\d{1,2}$|\d{1,2}[-_.]\d{1,2}$`)
)

func partOf(p string) part {
	base := filepath.Base(p)
	ext := archiveExt.FindString(base)
	if ext == "" {
		return part{path: p}
	}
	stem := strings.TrimSuffix(base, ext)
	if m := takeout.FindStringSubmatch(stem); m != nil {
		// The first number counts requests, or blocks of one request: both
		// are parts of what was asked for at that second.
		return part{p, m[1] + ext, 1000*atoi(m[2]) + atoi(m[3])}
	}
	m := numbered.FindStringSubmatch(stem)
	if m == nil || dated.MatchString(m[1]) || chat.MatchString(stem) {
		return part{p, stem + ext, 1}
	}
	return part{p, m[1] + ext, atoi(m[2])}
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// missingParts says which parts of a set were not given, as far as the
// numbers in the names tell.
func missingParts(names []string) []store.Note {
	have := make(map[int]bool)
	last, set := 0, ""
	for _, name := range names {
		p := partOf(name)
		if p.set == "" || p.number >= 1000 {
			return nil
		}
		have[p.number], set = true, p.set
		last = max(last, p.number)
	}
	first := takeout.MatchString(strings.TrimSuffix(names[0], archiveExt.FindString(names[0])))
	if len(names) < 2 && !first && !strings.HasPrefix(set, "mydata~") {
		return nil
	}
	var missing []string
	for n := 1; n < last && len(missing) < 10; n++ {
		if !have[n] {
			missing = append(missing, strconv.Itoa(n))
		}
	}
	if len(missing) == 0 {
		return nil
	}
	which := "number " + missing[0] + " was"
	if n := len(missing) - 1; n > 0 {
		which = "numbers " + strings.Join(missing[:n], ", ") + " and " + missing[n] + " were"
	}
	return []store.Note{{Code: "part-missing", Text: fmt.Sprintf(
		"The export has further parts, of which %s not given: give all of them in one command.", which)}}
}

// Discover turns what a person gave on the command line into archives, each
// a list of parts for OpenParts. A folder that is itself an export stays as
// it is; one that holds exports stands for them.
func Discover(ctx context.Context, paths []string, list []Importer) ([][]string, error) {
	var all []string
	for _, p := range paths {
		found, err := discover(ctx, p, list)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return Group(all), nil
}

// discover looks into a folder. Folders of a single export can look like
// exports themselves, so a folder is only taken for a collection when it is
// nothing itself, or holds two archive files that are exports, or is claimed
// by more platforms than one export ever holds.
func discover(ctx context.Context, dir string, list []Importer) ([]string, error) {
	const mostPlatforms = 2
	info, err := os.Stat(dir)
	if err != nil || !info.IsDir() {
		return []string{dir}, nil // Open says what is wrong with it
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return []string{dir}, nil
	}
	whole, err := knows(ctx, dir, list, (*Archive).itself)
	if err != nil {
		return nil, err
	}
	var found []string
	files := 0
	for _, e := range entries {
		child := filepath.Join(dir, e.Name())
		if !e.IsDir() && (!e.Type().IsRegular() || !looksArchive(e.Name())) {
			continue
		}
		n, err := knows(ctx, child, list, (*Archive).recognise)
		if err != nil {
			return nil, err
		}
		if n == 0 && !archiveExt.MatchString(e.Name()) {
			continue
		}
		if found = append(found, child); n > 0 && !e.IsDir() {
			files++
		}
	}
	if len(found) > 0 && (whole == 0 || whole > mostPlatforms || files >= 2) {
		return found, nil
	}
	return []string{dir}, nil
}

func looksArchive(name string) bool {
	if archiveExt.MatchString(name) {
		return true
	}
	return strings.EqualFold(filepath.Ext(name), ".car")
}

// itself finds who reads an archive as it is: not what lies inside it.
func (a *Archive) itself(s *session, list []Importer) ([]target, error) {
	targets, _, err := match(s, unwrapped(view{t: &tree{x: a.x, s: s}}), list)
	return targets, err
}

// knows returns how many importers know the archive at path, asked by ask.
func knows(ctx context.Context, path string, list []Importer, ask func(*Archive, *session, []Importer) ([]target, error)) (int, error) {
	a, err := Open(ctx, path, NoMeter)
	if err != nil {
		return 0, ctx.Err()
	}
	defer a.Close()
	s := a.session(ctx)
	defer s.close()
	found, err := ask(a, s, list)
	if err != nil {
		return 0, ctx.Err()
	}
	names := make(map[string]bool)
	for _, t := range found {
		names[t.imp.Name()] = true
	}
	return len(names), nil
}
