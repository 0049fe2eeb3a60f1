package x

import (
	"errors"
	"fmt"
	"path"
	"slices"

	"lookback/importer"
	"lookback/importer/intake"
	"lookback/importer/jsonstream"
)

// skip counts a record, or with 0 a whole member, that could not be read.
func (r *run) skip(m member, record int, why string) error {
	return r.Skip(m.key, m.path, record, why)
}

// each reads every record of a member in order and hands the good ones to fn.
// What is wrong with the member is told to the sink, so that only the sink's
// own errors and the context's come back.
func each[T any](r *run, m member, parse func(*jsonstream.Decoder, *T) error, fn func(record int, v *T) error) error {
	f, err := r.fsys.Open(m.path)
	if err != nil {
		return r.skip(m, 0, "cannot be opened")
	}
	defer f.Close()
	stats, err := jsonstream.Decode(f, jsonstream.Options{}, parse, func(record int, v *T, err error) error {
		if record%256 == 0 && r.ctx.Err() != nil {
			return r.ctx.Err()
		}
		if err != nil {
			return r.skip(m, record, intake.Reason(err))
		}
		return fn(record, v)
	})
	if ctxErr := r.ctx.Err(); ctxErr != nil {
		return ctxErr
	}
	var bad *jsonstream.RecordError
	switch {
	case errors.As(err, &bad):
		err = r.skip(m, bad.Record, intake.Reason(bad))
	case err == nil:
		r.read[m.key] = true
	}
	if err != nil {
		return err
	}
	r.records[m.path] = stats.Records
	return r.checkMember(m, stats)
}

// checkMember tells of odd bytes, and of a count that is not the manifest's.
func (r *run) checkMember(m member, stats jsonstream.Stats) error {
	if err := r.Odd(m.path, stats); err != nil {
		return err
	}
	want, listed := r.manifest.count(m.path)
	if !listed || want == stats.Records {
		return nil
	}
	r.Lose(m.key)
	text := fmt.Sprintf("The manifest counts %s in %s, and %d were found.", plural(want, "record"), path.Base(m.path), stats.Records)
	return r.Note("count-differs", m.path, text)
}

// value reads a member that is one object, or an array of one.
func (r *run) value(m member, read func(d *jsonstream.Decoder) error) error {
	f, err := r.fsys.Open(m.path)
	if err != nil {
		return r.skip(m, 0, "cannot be opened")
	}
	defer f.Close()
	err = jsonstream.Value(f, jsonstream.DefaultMaxElement, read)
	if err != nil {
		return r.skip(m, 0, intake.Reason(err))
	}
	r.read[m.key] = true
	return nil
}

// A manifest is data/manifest.js: what the archive should hold.
type manifest struct {
	account, handle, name string
	generated, partial    string
	files                 []manifestFile
}

type manifestFile struct {
	name  string // "data/tweets.js"
	count string
}

// count returns how many records the manifest gives for a member.
func (m *manifest) count(member string) (n int, listed bool) {
	if m == nil {
		return 0, false
	}
	for _, f := range m.files {
		if f.count != "" && path.Base(member) == path.Base(f.name) {
			return int(number(f.count)), true
		}
	}
	return 0, false
}

func (r *run) readManifest() error {
	ms := r.place.members[keyManifest]
	if len(ms) == 0 {
		return nil
	}
	var m manifest
	if err := r.value(ms[0], m.read); err != nil || r.Lost(keyManifest) {
		return err
	}
	r.manifest = &m
	r.account.NativeID, r.account.Handle, r.account.Name = m.account, m.handle, m.name
	if t := parseTime(m.generated); !t.IsZero() {
		if err := r.Out.Fact(importer.Fact{Generated: t.Unix()}); err != nil {
			return err
		}
	}
	if m.partial != "true" {
		return nil
	}
	if err := r.isPartial(); err != nil {
		return err
	}
	return r.Note("partial", ms[0].path, "X calls this archive one part of a larger one.")
}

func (r *run) isPartial() error {
	r.partial = true
	return r.Out.Fact(importer.Fact{Partial: true})
}

func (m *manifest) read(d *jsonstream.Decoder) error {
	fields := map[string]*string{
		"accountId": &m.account, "userName": &m.handle, "displayName": &m.name,
		"generationDate": &m.generated, "isPartialArchive": &m.partial, "isArchivePartial": &m.partial,
	}
	return jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "userInfo", "archiveInfo":
			return jsonstream.Object(d, func(name []byte) error {
				if p := fields[string(name)]; p != nil {
					return jsonstream.Text(d, p)
				}
				return jsonstream.Skip(d)
			})
		case "dataTypes":
			return jsonstream.Object(d, func([]byte) error {
				return jsonstream.Object(d, func(name []byte) error {
					if string(name) != "files" {
						return jsonstream.Skip(d)
					}
					return jsonstream.List(d, func() error { return m.file(d) })
				})
			})
		}
		return jsonstream.Skip(d)
	})
}

func (m *manifest) file(d *jsonstream.Decoder) error {
	var f manifestFile
	err := jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "fileName":
			return jsonstream.Text(d, &f.name)
		case "count":
			return jsonstream.Text(d, &f.count)
		}
		return jsonstream.Skip(d)
	})
	m.files = append(m.files, f)
	return err
}

// missingParts tells of files that should be there: those in the manifest,
// and without one the gaps between part numbers.
func (r *run) missingParts() error {
	missing := r.gaps()
	if r.manifest == nil && r.place.layout == LayoutTrimmed {
		if err := r.isPartial(); err != nil {
			return err
		}
		if err := r.Note("no-manifest", "", "The archive has no manifest.js, so nobody can tell whether it is whole."); err != nil {
			return err
		}
	}
	if r.manifest != nil {
		missing = r.absent()
	}
	for _, text := range missing {
		if err := r.Note("part-missing", "", text); err != nil {
			return err
		}
	}
	if len(missing) > 0 && !r.partial {
		return r.isPartial()
	}
	return nil
}

func (r *run) absent() []string {
	var missing []string
	for _, f := range r.manifest.files {
		base := path.Base(f.name)
		key, part, ok := parseName(base)
		_, wanted := readWhy[key]
		if !ok || !wanted || f.count == "0" || slices.ContainsFunc(r.place.members[key], func(m member) bool { return m.part == part }) {
			continue
		}
		r.Lose(key)
		missing = append(missing, base+" is named in the manifest but is not in the archive.")
	}
	return missing
}

func (r *run) gaps() []string {
	var missing []string
	for _, f := range tweetFiles {
		missing = append(missing, r.gapsOf(f.key)...)
	}
	for _, key := range []string{keyLikes, keyMessages, keyGroupMessages} {
		missing = append(missing, r.gapsOf(key)...)
	}
	return missing
}

func (r *run) gapsOf(key string) []string {
	var missing []string
	next := 0
	for _, m := range r.place.members[key] {
		for ; next < m.part && next < 1000; next++ {
			r.Lose(key)
			missing = append(missing, fmt.Sprintf("Part %d of %s is missing: %s is there.", next, key, path.Base(m.path)))
		}
		next = m.part + 1
	}
	return missing
}
