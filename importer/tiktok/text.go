package tiktok

import (
	"bufio"
	"context"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"lookback/importer"
	"lookback/importer/jsonstream"
	"lookback/importer/pattern"
)

const (
	maxLine   = 1 << 20  // bytes of one line that are kept
	maxRecord = 4 << 20  // bytes of one record
	headBytes = 64 << 10 // of which the fields of a file are learnt
)

// lines reads text line by line, without their ends. A line that is too long
// is cut.
type lines struct {
	in  *bufio.Reader
	err error // what ended it, if not the end of the file
}

func newLines(r io.Reader) (*lines, error) {
	text, _, err := jsonstream.NewUTF8Reader(r)
	if err != nil {
		return nil, err
	}
	return &lines{in: bufio.NewReaderSize(text, headBytes)}, nil
}

func (l *lines) next() (string, bool) {
	var line []byte
	for {
		part, err := l.in.ReadSlice('\n')
		if room := maxLine - len(line); len(part) > room {
			line = append(line, part[:room]...)
		} else {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && !errors.Is(err, io.EOF):
			l.err = err
			return "", false
		case err != nil && len(line) == 0:
			return "", false
		}
		return strings.ToValidUTF8(strings.TrimRight(string(line), "\r\n"), "\uFFFD"), true
	}
}

// head returns the first lines without taking them.
func (l *lines) head() []string {
	data, _ := l.in.Peek(headBytes) // a shorter file is no fault
	text := strings.ToValidUTF8(string(data), "\uFFFD")
	all := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	if len(data) == headBytes && len(all) > 1 {
		all = all[:len(all)-1]
	}
	return all
}

var (
	fieldRE   = pattern.New(`^([^:]{1,60}):(?: (.*)|)$`)
	chatRE    = pattern.New(`^>>> Chat History with (.*?):*\s*$`)
	messageRE = pattern.New(`^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?: UTC)? ([^:]{1,80}): ?(.*)$`)
	saidRE    = pattern.New(`^\s*\[?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?: UTC)?\]? ?:? ?(.*)$`)
	dateRE    = pattern.New(`^\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d)?( UTC)?)?$`)
)

// text reads one text file of content.
func (r *run) text(m importer.Member) error {
	s, _ := sectionOf(importer.Fold(m.Name))
	if s == other || s == profile || s == settings {
		return nil
	}
	return r.open(m, func(l *lines) error {
		head := l.head()
		if s == unsure {
			s = judge(importer.Fold(m.Name), head)
		}
		switch s {
		case unsure, other:
			return nil
		case chats, groupChats:
			if r.messages = r.messages || slices.ContainsFunc(head, chatRE.MatchString); !r.opts.Messages {
				return nil
			}
			return r.textChats(m, s, l)
		case live:
			return r.textLive(m, l)
		}
		r.named[scopeOf(s)]++
		return r.textRecords(m, s, l, head)
	})
}

// textOwner reads the profile or the settings.
func (r *run) textOwner(m importer.Member, s section) error {
	return r.open(m, func(l *lines) error {
		var rec record
		for line, ok := l.next(); ok && len(rec) < 1000; line, ok = l.next() {
			if f := fieldRE.FindStringSubmatch(line); f != nil {
				rec = append(rec, pair{fold(f[1]), f[2]})
			} else if n := len(rec); n > 0 && strings.TrimSpace(line) != "" {
				rec[n-1].value += "\n" + line
			}
		}
		r.learn(s, rec)
		return nil
	})
}

// open reads a text file with fn. A fault of the file is told to the sink.
func (r *run) open(m importer.Member, fn func(l *lines) error) error {
	if r.ctx.Err() != nil {
		return context.Cause(r.ctx)
	}
	f, err := r.fsys.Open(m.Path)
	if err != nil {
		return r.Fail("", m.Path, err)
	}
	defer f.Close()
	r.keys.File()
	l, err := newLines(f)
	if err == nil {
		if err := fn(l); err != nil {
			return err
		}
		err = l.err
	}
	if err != nil {
		return r.Fail("", m.Path, err)
	}
	return nil
}

// textRecords reads records of "Name: value" lines. A value can go over
// several lines, and a line of it can look like a field, so that only the
// names of the first records begin a field, and only the first of them with
// a date a record.
func (r *run) textRecords(m importer.Member, s section, l *lines, head []string) error {
	names := fieldNames(head)
	if len(names) == 0 {
		return r.noRecords(m, s, head)
	}
	t := &textFile{run: r, member: m.Path, section: s, names: names}
	for line, ok := l.next(); ok; line, ok = l.next() {
		if err := t.line(line); err != nil {
			return err
		}
	}
	return t.end()
}

// noRecords is for a file whose records nobody can find: mostly it says in
// one sentence that there are none.
func (r *run) noRecords(m importer.Member, s section, head []string) error {
	said := 0
	for _, line := range head {
		if strings.TrimSpace(line) != "" {
			said++
		}
	}
	if said <= 2 {
		return nil
	}
	return r.skip(s, m.Path, 0, "holds no records that lookback recognises")
}

type textFile struct {
	*run
	member  string
	section section
	names   []string // the first one begins a record
	rec     record
	size    int
	number  int
	blank   bool // the line before was blank
}

func (t *textFile) line(line string) error {
	f := fieldRE.FindStringSubmatch(line)
	switch {
	case f != nil && f[1] == t.names[0] && dateRE.MatchString(strings.TrimSpace(f[2])) && (t.rec == nil || t.blank || len(t.rec) >= len(t.names)):
		if err := t.end(); err != nil {
			return err
		}
		t.rec = record{{fold(f[1]), f[2]}}
	case t.rec == nil:
	case f != nil && slices.Contains(t.names, f[1]) && !t.has(f[1]):
		t.rec = append(t.rec, pair{fold(f[1]), f[2]})
	case t.size < maxRecord:
		last := &t.rec[len(t.rec)-1]
		last.value += "\n" + line
	}
	t.size += len(line)
	t.blank = strings.TrimSpace(line) == ""
	return nil
}

func (t *textFile) has(name string) bool {
	return slices.ContainsFunc(t.rec, func(p pair) bool { return p.name == fold(name) })
}

// end hands the record over that was read.
func (t *textFile) end() error {
	if t.ctx.Err() != nil {
		return context.Cause(t.ctx)
	}
	if t.rec == nil {
		return nil
	}
	t.number++
	rec := t.rec
	t.rec, t.size = nil, 0
	for i := range rec {
		rec[i].value = strings.TrimSpace(rec[i].value)
	}
	return t.emit(t.section, source{t.member, t.number}, inEnglish(t.section, rec))
}

// fieldNames learns the names of a file's fields. Where several records are
// in the head, a name must come in more than one of them, or be one that
// TikTok is known to use.
func fieldNames(head []string) []string {
	first, records := "", 0
	var names []string
	count := map[string]int{}
	for _, line := range head {
		f := fieldRE.FindStringSubmatch(line)
		if f == nil {
			continue
		}
		if first == "" {
			if !dateRE.MatchString(strings.TrimSpace(f[2])) {
				continue // a sentence before the records
			}
			first = f[1]
		}
		if f[1] == first {
			records++
		}
		if count[f[1]]++; count[f[1]] == 1 && len(names) < 200 {
			names = append(names, f[1])
		}
	}
	return slices.DeleteFunc(names, func(n string) bool {
		return n != first && records > 1 && count[n] < 2 && !knownFields[fold(n)]
	})
}

// knownFields are the names of fields in English, folded.
var knownFields = map[string]bool{
	"date": true, "comment": true, "photo": true, "url": true, "link": true, "likes": true, "whocanview": true,
	"allowcomments": true, "allowstitches": true, "allowduets": true, "allowstickers": true,
	"allowsharingtostory": true, "contentdisclosure": true, "aigeneratedcontent": true, "sound": true,
	"location": true, "title": true, "addyourstext": true, "addsyourstext": true, "alternatetext": true,
	"datedeleted": true, "reviewtext": true, "rating": true, "placename": true, "roomtitle": true,
	"coverimage": true, "numberofcollections": true, "status": true,
}

// judge tells from the first record of a file in an unknown language what it
// holds.
func judge(name string, head []string) section {
	if slices.ContainsFunc(head, chatRE.MatchString) {
		return chats
	}
	names := fieldNames(head)
	if len(names) == 0 {
		return other
	}
	links, free := 0, 0
	for _, line := range head {
		f := fieldRE.FindStringSubmatch(line)
		switch {
		case f == nil || !slices.Contains(names, f[1]) || f[1] == names[0]:
		case address(f[2]) != "":
			links++
		case !nothing(f[2]):
			free++
		}
	}
	dir := fold(path.Base(path.Dir(name)))
	own := dir == fold(strings.TrimSuffix(path.Base(name), path.Ext(name))) // Reacties/Reacties.txt
	switch {
	case len(names) >= 9 && links > 0:
		return posts
	case own && len(names) >= 3 && len(names) <= 5 && free > 0:
		return comments
	}
	return other
}

// inEnglish gives the fields of a record in another language the names that
// emit knows: in a comment the longest free text is the comment, in a post
// too where no field is called a title.
func inEnglish(s section, rec record) record {
	var want string
	switch {
	case len(rec) == 0:
		return rec
	case s == comments:
		want = "comment"
	case s == posts || s == deleted:
		want = "title"
	}
	if rec[0].name != "date" {
		rec[0].name = "date"
	}
	has := func(name string) bool {
		return slices.ContainsFunc(rec, func(p pair) bool { return p.name == name })
	}
	if want != "" && !has(want) {
		if at := freeText(rec, want); at >= 0 {
			rec[at].name = want
		}
	}
	if !has("link") && !has("url") {
		for i := range rec[1:] {
			if p := &rec[i+1]; p.name != "photo" && address(strings.SplitN(p.value, "\n", 2)[0]) != "" {
				p.name = "link"
				break
			}
		}
	}
	return rec
}

var titles = []string{"titel", "título", "titulo", "titre", "titolo", "tytuł", "tittel", "otsikko"}

// freeText finds the field with the owner's words.
func freeText(rec record, want string) int {
	best, size := -1, 0
	for i, p := range rec[1:] {
		if want == "title" && slices.Contains(titles, p.name) {
			return i + 1
		}
		n := utf8.RuneCountInString(p.value)
		if n > size && !nothing(p.value) && address(strings.SplitN(p.value, "\n", 2)[0]) == "" && !dateRE.MatchString(p.value) {
			best, size = i+1, n
		}
	}
	if want == "title" && size < 12 {
		return -1 // a yes or a no
	}
	return best
}

// textChats reads private messages.
func (r *run) textChats(m importer.Member, s section, l *lines) error {
	var chat string
	var rec record
	number := 0
	end := func() error {
		if rec == nil {
			return nil
		}
		done := rec
		rec = nil
		number++
		done[2].value = strings.TrimSpace(done[2].value)
		return r.message(s, source{m.Path, number}, chatName(chat), done)
	}
	for line, ok := l.next(); ok; line, ok = l.next() {
		if r.ctx.Err() != nil {
			return context.Cause(r.ctx)
		}
		f := messageRE.FindStringSubmatch(line)
		named := chatRE.FindStringSubmatch(line)
		if f == nil && named == nil {
			if rec != nil && len(rec[2].value) < maxRecord {
				rec[2].value += "\n" + line
			}
			continue
		}
		if err := end(); err != nil {
			return err
		}
		if named != nil {
			chat = named[1]
		} else {
			rec = record{{"date", f[1]}, {"from", strings.TrimSpace(f[2])}, {"content", f[3]}}
		}
	}
	return end()
}

// textLive reads what was written during live broadcasts: lines that begin
// with a time, under the link of the broadcast.
func (r *run) textLive(m importer.Member, l *lines) error {
	var link string
	var rec record
	number := 0
	end := func() error {
		if rec == nil {
			return nil
		}
		done := rec
		rec = nil
		number++
		done[1].value = strings.TrimSpace(done[1].value)
		return r.emit(live, source{m.Path, number}, append(done, pair{"link", link}))
	}
	for line, ok := l.next(); ok; line, ok = l.next() {
		if r.ctx.Err() != nil {
			return context.Cause(r.ctx)
		}
		said, f := saidRE.FindStringSubmatch(line), fieldRE.FindStringSubmatch(line)
		outside := said == nil && f != nil && (address(f[2]) != "" || dateRE.MatchString(f[2]) || f[2] == "")
		if said == nil && !outside {
			if rec != nil && len(rec[1].value) < maxRecord {
				rec[1].value += "\n" + line
			}
			continue
		}
		if err := end(); err != nil {
			return err
		}
		if said != nil {
			rec = record{{"commenttime", said[1]}, {"comment", said[2]}}
		} else if u := address(f[2]); u != "" {
			link = u
		}
	}
	return end()
}
