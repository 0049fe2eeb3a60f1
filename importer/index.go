package importer

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// entry is one regular file of an archive. A million of them must fit into
// memory, so it holds nothing that its source can do without.
type entry struct {
	name   string
	off    int64 // zip: of the local header; tar: of the data; folder: modification time, ns
	size   int64
	packed int64  // 0 where the source does not pack
	crc    uint32 // folder: which of the source's real names, 0 for name itself
	src    uint16
	method uint16
	flags  uint16
}

// Flags of an entry.
const (
	flagEncrypted uint16 = 1 << iota
	flagOverlaps         // its data is also another member's
	flagHasCRC
	flagSparse
	flagBroken // its offset or its sizes cannot be true
)

// index is everything that an archive holds, sorted by name. Folders are
// implied by the names.
type index struct {
	lim     limits
	entries []entry
	sources []source
	// shared maps the name of a further member to the name that it shares.
	shared map[string]string
	names  arena
	bytes  int64 // of names
	log    journal
}

// errTooMany says that the archive has more members than any export.
type errTooMany struct{ n int }

func (e errTooMany) Error() string {
	return fmt.Sprintf("it has more than %d members, which no export has", e.n)
}

// add takes one member under the name that the archive gives it. A name
// that cannot be used is noted and left out.
func (x *index) add(name string, e entry) error {
	clean, why := cleanName(name, x.lim)
	if why != "" {
		x.log.refuse(why)
		return nil
	}
	if clean == "" || isSystem(clean) {
		return nil
	}
	if len(x.entries) >= x.lim.members {
		return errTooMany{x.lim.members}
	}
	if x.bytes += int64(len(clean)); x.bytes > x.lim.nameBytes {
		return errTooMany{x.lim.members}
	}
	e.name = x.names.keep(clean)
	x.entries = append(x.entries, e)
	return nil
}

// finish sorts the index and gives members of one name names of their own.
func (x *index) finish() {
	// Of members with one name the last one is what the archive means:
	// programs that update an archive append.
	slices.Reverse(x.entries)
	slices.SortStableFunc(x.entries, func(a, b entry) int { return cmp.Compare(a.name, b.name) })
	moved := x.takeShared()
	moved = append(moved, x.takeFolders()...)
	if len(moved) == 0 {
		return
	}
	x.shared = make(map[string]string, len(moved))
	taken := make(map[string]bool, len(moved))
	for i := range moved {
		was := moved[i].name
		moved[i].name = x.freeName(was, taken)
		taken[moved[i].name] = true
		x.shared[moved[i].name] = was
	}
	x.entries = append(x.entries, moved...)
	slices.SortStableFunc(x.entries, func(a, b entry) int { return cmp.Compare(a.name, b.name) })
}

// takeShared removes all but the first of the members with one name. Those
// with other content are returned, the newest first.
func (x *index) takeShared() []entry {
	var moved []entry
	keep := x.entries[:0]
	run := 0 // where in moved the members of this name begin
	for _, e := range x.entries {
		if len(keep) == 0 || keep[len(keep)-1].name != e.name {
			run = len(moved)
			keep = append(keep, e)
			continue
		}
		same := func(other entry) bool { return sameContent(other, e) }
		if same(keep[len(keep)-1]) || slices.ContainsFunc(moved[run:], same) {
			continue
		}
		x.log.share(e.name)
		if len(moved) < x.lim.duplicates {
			moved = append(moved, e)
		} else {
			x.log.refuse(tooManyOfOneName)
		}
	}
	clear(x.entries[len(keep):])
	x.entries = keep
	return moved
}

// sameContent says whether two members of one name can be told to be equal.
func sameContent(a, b entry) bool {
	return a.flags&b.flags&flagHasCRC != 0 && a.crc == b.crc && a.size == b.size
}

// takeFolders removes members whose name other members use as a folder.
func (x *index) takeFolders() []entry {
	clash := map[int]bool{}
	last := ""
	for i := range x.entries {
		dir := path.Dir(x.entries[i].name)
		if dir == last {
			continue
		}
		last = dir
		for d := dir; d != "."; d = path.Dir(d) {
			if j, ok := x.find(d); ok {
				clash[j] = true
			}
		}
	}
	if len(clash) == 0 {
		return nil
	}
	var moved []entry
	keep := x.entries[:0:0]
	for i, e := range x.entries {
		if !clash[i] {
			keep = append(keep, e)
			continue
		}
		x.log.share(e.name)
		moved = append(moved, e)
	}
	x.entries = keep
	return moved
}

// freeName returns name with a number before its extension that nobody has.
func (x *index) freeName(name string, taken map[string]bool) string {
	ext := path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	for n := 2; ; n++ {
		try := stem + "~" + strconv.Itoa(n) + ext
		if _, ok := x.find(try); !ok && !taken[try] {
			return try
		}
	}
}

// find returns the position of the member called name. It needs the entries
// to be sorted.
func (x *index) find(name string) (int, bool) {
	i := x.from(name)
	return i, i < len(x.entries) && x.entries[i].name == name
}

// from returns the position of the first member whose name is not before
// name.
func (x *index) from(name string) int {
	return sort.Search(len(x.entries), func(i int) bool { return x.entries[i].name >= name })
}

// Reasons for refusing a name, as they are counted in notes.
const (
	badEscape        = "a name that leads out of the archive"
	badCharacters    = "a name with control characters"
	badLength        = "a name that is too long"
	tooManyOfOneName = "a name that too many members share"
)

// cleanName returns the slash-separated NFC name of a member, or why it is
// refused. Empty without a reason is a folder or nothing.
func cleanName(name string, lim limits) (clean, why string) {
	if len(name) > lim.name {
		return "", badLength
	}
	if strings.ContainsFunc(name, func(r rune) bool { return r < 0x20 || r == 0x7f }) {
		return "", badCharacters
	}
	if strings.IndexByte(name, '\\') >= 0 {
		name = strings.ReplaceAll(name, `\`, "/")
	}
	if !utf8.ValidString(name) {
		name = strings.ToValidUTF8(name, "\uFFFD")
	}
	if !isLocal(name) {
		return "", badEscape
	}
	if strings.HasSuffix(name, "/") {
		return "", ""
	}
	clean = norm.NFC.String(path.Clean(name))
	if strings.Count(clean, "/") >= lim.depth || len(clean) > lim.name {
		return "", badLength
	}
	if clean == "." {
		return "", ""
	}
	return clean, ""
}

// isLocal says whether name stays inside the archive on every system.
func isLocal(name string) bool {
	if strings.HasPrefix(name, "/") {
		return false
	}
	if len(name) >= 2 && name[1] == ':' && (name[0]|0x20 >= 'a' && name[0]|0x20 <= 'z') {
		return false // C:\ or C:file
	}
	for rest := name; rest != ""; {
		var part string
		part, rest, _ = strings.Cut(rest, "/")
		if part == ".." {
			return false
		}
	}
	return true
}

// isSystem says whether a member is what systems add to folders and zips.
func isSystem(name string) bool {
	base := name[strings.LastIndexByte(name, '/')+1:]
	switch {
	case strings.HasPrefix(name, "__MACOSX/"), strings.Contains(name, "/__MACOSX/"):
		return true
	case strings.HasPrefix(base, "._"):
		return true
	}
	return base == ".DS_Store" || strings.EqualFold(base, "thumbs.db") || strings.EqualFold(base, "desktop.ini")
}

// arena keeps many short strings in few allocations.
type arena struct{ b strings.Builder }

func (a *arena) keep(s string) string {
	const chunk = 64 << 10
	if a.b.Cap()-a.b.Len() < len(s) {
		a.b = strings.Builder{}
		a.b.Grow(max(chunk, len(s)))
	}
	at := a.b.Len()
	a.b.WriteString(s)
	return a.b.String()[at:]
}
