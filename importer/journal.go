package importer

import (
	"fmt"
	"maps"
	"slices"

	"lookback/store"
)

// journal counts what was odd about an archive, in bounded memory.
type journal struct {
	refused map[string]int // by reason
	shared  int
	example string // a name that members share
	unread  int    // files and folders that the system would not open
	links   int
	special int
	notes   []store.Note
	// incomplete: something that may hold posts could not be reached.
	incomplete bool
}

func (j *journal) refuse(why string) {
	if j.refused == nil {
		j.refused = make(map[string]int)
	}
	j.refused[why]++
}

func (j *journal) share(name string) {
	if j.shared++; j.example == "" {
		j.example = name
	}
}

func (j *journal) note(code, member, text string) {
	j.notes = append(j.notes, store.Note{Code: code, Member: member, Text: text})
}

// all returns the notes, in one order whatever was counted first.
func (j *journal) all() []store.Note {
	notes := slices.Clone(j.notes)
	for _, why := range slices.Sorted(maps.Keys(j.refused)) {
		notes = append(notes, store.Note{Code: "member-refused",
			Text: fmt.Sprintf("%s left out because of %s.", members(j.refused[why]), why)})
	}
	if j.shared > 0 {
		notes = append(notes, store.Note{Code: "name-shared", Member: j.example,
			Text: fmt.Sprintf("%s under a name that another one has too, with other content; each was kept.", members(j.shared))})
	}
	if j.unread > 0 {
		notes = append(notes, store.Note{Code: "unreadable",
			Text: fmt.Sprintf("%s could not be opened: check that you may read all of the folder.", members(j.unread))})
	}
	if j.links > 0 {
		notes = append(notes, store.Note{Code: "link-ignored",
			Text: fmt.Sprintf("%s ignored because links may lead out of the archive.", members(j.links))})
	}
	if j.special > 0 {
		notes = append(notes, store.Note{Code: "special-ignored",
			Text: fmt.Sprintf("%s ignored because they are devices or pipes.", members(j.special))})
	}
	return notes
}

func members(n int) string {
	if n == 1 {
		return "1 member"
	}
	return fmt.Sprintf("%d members", n)
}
