package x

import (
	"cmp"
	"encoding/csv"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"lookback/importer"
	"lookback/importer/intake"
	"lookback/importer/jsonstream"
)

// details is data/js/user_details.js.
type details struct {
	id, handle, name, bio, location, created string
}

func (u *details) read(d *jsonstream.Decoder) error {
	fields := map[string]*string{
		"id": &u.id, "screen_name": &u.handle, "full_name": &u.name,
		"bio": &u.bio, "location": &u.location, "created_at": &u.created,
	}
	return jsonstream.Object(d, func(name []byte) error {
		if p := fields[string(name)]; p != nil {
			return jsonstream.Text(d, p)
		}
		return jsonstream.Skip(d)
	})
}

// optional opens a member of the classic layout that may not be there.
func (r *run) optional(name string, read func(*jsonstream.Decoder) error) error {
	m := member{path: path.Join(r.place.dir, "data/js", name), key: name}
	f, err := r.fsys.Open(m.path)
	if err != nil {
		return nil
	}
	f.Close()
	return r.value(m, read)
}

// classicHead reads the account, the profile and the date.
func (r *run) classicHead() error {
	var u details
	var made string
	if err := r.optional("user_details.js", u.read); err != nil {
		return err
	}
	err := r.optional("payload_details.js", func(d *jsonstream.Decoder) error {
		return jsonstream.Object(d, func(name []byte) error {
			if string(name) == "created_at" {
				return jsonstream.Text(d, &made)
			}
			return jsonstream.Skip(d)
		})
	})
	if err != nil {
		return err
	}
	if t := parseTime(made); !t.IsZero() {
		if err := r.Out.Fact(importer.Fact{Generated: t.Unix()}); err != nil {
			return err
		}
	}
	r.account.NativeID, r.account.Name, r.account.Created = u.id, u.name, parseTime(u.created)
	r.account.Handle = cmp.Or(u.handle, strings.TrimPrefix(r.opts.Me, "@"))
	if r.account.NativeID == "" {
		r.accountFromTweets()
	}
	if err := r.Out.Account(r.account); err != nil {
		return err
	}
	for _, part := range []struct{ name, text string }{{"name", u.name}, {"description", u.bio}, {"location", u.location}} {
		if err := r.bio(part.name, unescape(part.text, true)); err != nil {
			return err
		}
	}
	return nil
}

var errEnough = errors.New("enough")

// accountFromTweets takes the owner from the first post, which names it.
func (r *run) accountFromTweets() {
	for _, m := range r.place.members[keyTweets] {
		f, err := r.fsys.Open(m.path)
		if err != nil {
			continue
		}
		_, _ = jsonstream.Decode(f, jsonstream.Options{Workers: 1}, parseClassic, func(_ int, t *tweet, err error) error {
			if err != nil || t.user.id == "" {
				return nil
			}
			r.account.NativeID, r.account.Name = t.user.id, t.user.name
			r.account.Handle = cmp.Or(r.account.Handle, t.user.handle)
			return errEnough
		}) // what is wrong with the member is told when it is read
		f.Close()
		if r.account.NativeID != "" {
			return
		}
	}
}

// classic reads the layout of 2012 to 2019.
func (r *run) classic() error {
	if err := r.classicHead(); err != nil {
		return err
	}
	for _, m := range r.place.members[keyTweets] {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		err := each(r, m, parseClassic, func(record int, t *tweet) error { return r.tweet(m, record, "", t) })
		if err != nil {
			return err
		}
	}
	if err := r.finishTweets(); err != nil {
		return err
	}
	indexed, err := r.checkIndex()
	if err != nil || !indexed || r.partial || r.Lost(keyTweets) {
		return err
	}
	return r.Out.Fact(importer.Fact{Scope: "tweet:"})
}

// A month is one entry of tweet_index.js.
type month struct {
	file, count string
}

// checkIndex compares the months with the index, which has been exact in
// every archive seen; payload_details.js counts deleted posts too.
func (r *run) checkIndex() (indexed bool, err error) {
	var index []month
	err = r.optional("tweet_index.js", func(d *jsonstream.Decoder) error {
		return jsonstream.List(d, func() error {
			var m month
			err := jsonstream.Object(d, func(name []byte) error {
				switch string(name) {
				case "file_name":
					return jsonstream.Text(d, &m.file)
				case "tweet_count":
					return jsonstream.Text(d, &m.count)
				}
				return jsonstream.Skip(d)
			})
			index = append(index, m)
			return err
		})
	})
	for _, m := range index {
		if err := r.checkMonth(m); err != nil {
			return false, err
		}
	}
	return len(index) > 0, err
}

func (r *run) checkMonth(m month) error {
	name := path.Join(r.place.dir, m.file)
	found, read := r.records[name]
	switch {
	case !read && !slices.ContainsFunc(r.place.members[keyTweets], func(have member) bool { return have.path == name }):
		if !r.partial {
			if err := r.isPartial(); err != nil {
				return err
			}
		}
		return r.Note("part-missing", "", path.Base(m.file)+" is named in the index but is not in the archive.")
	case found != int(number(m.count)):
		r.Lose(keyTweets)
		return r.Note("count-differs", name, "The index counts "+plural(int(number(m.count)), "post")+" in "+path.Base(m.file)+", and "+plural(found, "record")+" were found.")
	}
	return nil
}

// classicCSV reads the spreadsheet form, for archives without JavaScript.
func (r *run) classicCSV() error {
	if err := r.classicHead(); err != nil {
		return err
	}
	for _, m := range r.place.members[keyTweets] {
		if err := r.sheet(m); err != nil {
			return err
		}
	}
	return r.finishTweets()
}

// sheet reads one CSV file. Its columns are found by the names in its header;
// rows have any number of fields, one more for each further address.
func (r *run) sheet(m member) error {
	f, err := r.fsys.Open(m.path)
	if err != nil {
		return r.skip(m, 0, "cannot be opened")
	}
	defer f.Close()
	text, _, err := jsonstream.NewUTF8Reader(f)
	if err != nil {
		return r.skip(m, 0, intake.Reason(jsonstream.ErrCut))
	}
	rows := csv.NewReader(text)
	rows.FieldsPerRecord, rows.LazyQuotes, rows.ReuseRecord = -1, true, true
	columns := map[string]int{}
	for record := 0; ; record++ {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		row, err := rows.Read()
		var broken *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &broken):
			err = r.skip(m, record, "is not a row of a table")
		case err != nil:
			return r.skip(m, record, intake.Reason(jsonstream.ErrCut))
		case record == 0:
			for i, name := range row {
				columns[strings.TrimSpace(name)] = i
			}
		default:
			err = r.row(m, record, row, columns)
		}
		if err != nil {
			return err
		}
	}
}

func (r *run) row(m member, record int, row []string, columns map[string]int) error {
	cell := func(name string) string {
		if i, ok := columns[name]; ok && i < len(row) {
			return strings.ToValidUTF8(strings.Clone(row[i]), "\uFFFD")
		}
		return ""
	}
	t := tweet{
		classic: true, id: cell("tweet_id"), created: cell("timestamp"), text: cell("text"),
		replyTo: cell("in_reply_to_status_id"), replyUser: cell("in_reply_to_user_id"),
	}
	if t.id == "" || strings.Trim(t.id, "0123456789") != "" {
		return r.skip(m, record, "has no id")
	}
	if i, ok := columns["expanded_urls"]; ok && i < len(row) {
		t.addresses(row[i:])
	}
	if cell("retweeted_status_id") != "" {
		t.original = &tweet{classic: true}
	}
	t.settle()
	return r.tweet(m, record, "", &t)
}

// addresses pairs the links of a text with the addresses of the last columns,
// where there are as many of the one as of the other.
func (t *tweet) addresses(cells []string) {
	var long, short []string
	for _, c := range cells {
		for _, a := range strings.Split(c, ",") {
			if a = strings.TrimSpace(a); a != "" && !slices.Contains(long, a) {
				long = append(long, strings.ToValidUTF8(strings.Clone(a), "\uFFFD"))
			}
		}
	}
	for _, word := range strings.Fields(t.text) {
		if i := strings.Index(word, "http://t.co/"); i >= 0 {
			short = append(short, word[i:])
		} else if i := strings.Index(word, "https://t.co/"); i >= 0 {
			short = append(short, word[i:])
		}
	}
	if len(long) != len(short) {
		return
	}
	for i := range short {
		l := link{short: shortAddress(short[i]), long: long[i]}
		if statusURL(l.long) && (strings.Contains(l.long, "/photo/") || strings.Contains(l.long, "/video/")) {
			l.long = ""
		}
		t.links = append(t.links, l)
		if statusURL(l.long) {
			t.quoted = l.long
		}
	}
}

// shortAddress cuts what follows a t.co address: a bracket or a full stop.
func shortAddress(word string) string {
	slash := strings.LastIndexByte(word, '/') + 1
	return word[:slash+handleLen(word[slash:])]
}

var _ importer.Importer = (*Importer)(nil)
