package discord

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"lookback/importer"
	"lookback/importer/intake"
	"lookback/importer/jsonstream"
	"lookback/store"
)

// A run is one import.
type run struct {
	ctx  context.Context
	fsys fs.FS
	opts importer.Options
	*intake.Log
	pack *pack

	account store.Account
	guilds  map[string]string // names of servers by id
	listed  map[string]string // what the index calls a channel

	private  int // channels that were not read
	empty    int // folders without messages
	wordless int
	linkless int
	messages int
}

// skip counts a record, or with 0 a whole member, that could not be read.
func (r *run) skip(m importer.Member, record int, why string) error {
	return r.Skip("", m.Name, record, why)
}

const maxValue = 32 << 20 // of a member that is one value

// value reads a member that is one JSON value. What is wrong with it is told
// to the sink; ok says whether all was read.
func (r *run) value(m importer.Member, read func(d *jsonstream.Decoder) error) (ok bool, err error) {
	if err := r.ctx.Err(); err != nil {
		return false, err
	}
	f, err := r.fsys.Open(m.Path)
	if err != nil {
		return false, r.skip(m, 0, "cannot be opened")
	}
	defer f.Close()
	if err := jsonstream.Value(f, maxValue, read); err != nil {
		return false, r.skip(m, 0, intake.Reason(err))
	}
	return true, r.ctx.Err()
}

// fields reads an object into fields by name; others are skipped.
func fields(d *jsonstream.Decoder, to map[string]*string) error {
	return jsonstream.Object(d, func(name []byte) error {
		if p := to[string(name)]; p != nil {
			return jsonstream.Text(d, p)
		}
		return jsonstream.Skip(d)
	})
}

// readNames learns what servers and channels are called.
func (r *run) readNames() error {
	tops := map[string]bool{}
	for _, c := range r.pack.channels {
		tops[c.top] = true
	}
	for _, top := range slices.Sorted(maps.Keys(r.pack.indexes)) {
		into := r.guilds
		if tops[top] {
			into = r.listed
		}
		if err := r.names(r.pack.indexes[top], into); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(r.pack.guilds)) {
		var name string
		if _, err := r.value(r.pack.guilds[id], func(d *jsonstream.Decoder) error {
			return fields(d, map[string]*string{"name": &name})
		}); err != nil {
			return err
		}
		if name != "" {
			r.guilds[id] = name
		}
	}
	return nil
}

// names reads an object of ids and names. A name may be null.
func (r *run) names(m importer.Member, into map[string]string) error {
	_, err := r.value(m, func(d *jsonstream.Decoder) error {
		return jsonstream.Object(d, func(id []byte) error {
			key, name := string(id), ""
			err := jsonstream.Text(d, &name)
			into[key] = name
			return err
		})
	})
	return err
}

// finish tells what the package lacks and, if nothing was lost, what it holds
// whole.
func (r *run) finish() error {
	for _, n := range []struct {
		n          int
		code, text string
	}{
		{r.private, "messages-not-read", "Private channels, which are read only when you ask for messages: %d."},
		{r.empty, "channels-without-messages", "Channels that the package names but has no messages of: %d."},
		{r.wordless, "messages-without-words", "Messages that are only a sticker, an embed or a notice have no words in the package: %d."},
		{r.linkless, "links-unknown", "For messages in servers that the package does not name no link can be built: %d."},
	} {
		if n.n == 0 {
			continue
		}
		if err := r.Note(n.code, "", fmt.Sprintf(n.text, n.n)); err != nil {
			return err
		}
	}
	if len(r.pack.channels) == 0 {
		if err := r.Out.Fact(importer.Fact{Partial: true}); err != nil {
			return err
		}
		return r.Note("no-messages", "", "The package holds none of your messages: "+askHint+".")
	}
	if r.Lost() || r.empty > 0 {
		return nil
	}
	if err := r.Whole("message:"); err != nil || !r.opts.Messages {
		return err
	}
	return r.Whole("dm:")
}
