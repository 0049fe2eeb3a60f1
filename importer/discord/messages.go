package discord

import (
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
	"time"

	"lookback/importer"
	"lookback/importer/csvstream"
	"lookback/importer/identity"
	"lookback/importer/intake"
	"lookback/importer/jsonstream"
	"lookback/importer/pattern"
	"lookback/store"
)

// about is a channel.json. Servers that were left have no name here.
type about struct {
	id, kind, name, guild, guildName string
	read                             bool
}

func parseAbout(d *jsonstream.Decoder, a *about) error {
	to := map[string]*string{"id": &a.id, "type": &a.kind, "name": &a.name}
	return jsonstream.Object(d, func(name []byte) error {
		if p := to[string(name)]; p != nil {
			return jsonstream.Text(d, p)
		}
		if string(name) == "guild" {
			return fields(d, map[string]*string{"id": &a.guild, "name": &a.guildName})
		}
		return jsonstream.Skip(d)
	})
}

// isPrivate says whether a channel is a conversation. What cannot be told is
// taken for one.
func (a about) isPrivate(listed string) bool {
	switch kind := strings.ToUpper(a.kind); {
	case kind == "1" || kind == "3" || kind == "DM" || strings.HasSuffix(kind, "_DM"):
		return true
	case a.guild != "" || strings.HasPrefix(kind, "GUILD_") || strings.Contains(kind, "THREAD"):
		return false
	case kind == "0" || kind == "2" || kind == "4" || kind == "5" || len(kind) == 2 && kind[0] == '1':
		return false
	}
	return a.kind != "" || !strings.Contains(listed, " in ") || strings.HasPrefix(listed, "Direct Message")
}

// place is what a person would call the channel.
func (r *run) place(c *channel, a about) string {
	guild := a.guildName
	if guild == "" {
		guild = r.guilds[a.guild]
	}
	switch {
	case guild != "" && a.name != "":
		return guild + " #" + a.name
	case guild != "":
		return guild
	}
	listed := r.listed[c.id]
	if listed == "None" || strings.HasPrefix(listed, "Unknown channel") {
		listed = strings.TrimPrefix(strings.TrimPrefix(listed, "None"), "Unknown channel")
		listed = strings.TrimPrefix(listed, " in ")
	}
	if listed != "" {
		return listed
	}
	return a.name
}

func (r *run) readChannels() error {
	there := map[string]bool{}
	for _, c := range r.pack.channels {
		there[c.id] = true
		if err := r.channel(c); err != nil {
			return err
		}
	}
	for id := range r.listed {
		if snowflake(id) != 0 && !there[id] {
			r.empty++
		}
	}
	return nil
}

// channel reads the messages of one channel, each once, although some
// packages hold them twice.
func (r *run) channel(c *channel) error {
	var a about
	if c.about != nil {
		var err error
		if a.read, err = r.value(*c.about, func(d *jsonstream.Decoder) error { return parseAbout(d, &a) }); err != nil {
			return err
		}
	}
	private := a.isPrivate(r.listed[c.id])
	switch {
	case private && !r.opts.Messages:
		r.private++
		return nil
	case len(c.files) == 0:
		r.empty++
		return nil
	}
	t := &talk{r: r, c: c, a: a, private: private, place: r.place(c, a)}
	for _, m := range c.files {
		read := t.table
		if path.Ext(m.Name) == ".json" {
			read = t.list
		}
		if err := read(m); err != nil {
			return err
		}
	}
	return nil
}

// talk is a channel that is being read.
type talk struct {
	r       *run
	c       *channel
	a       about
	private bool
	place   string
	seen    identity.Set
}

type message struct{ id, at, text, files string }

func parseMessage(d *jsonstream.Decoder, m *message) error {
	return jsonstream.Object(d, func(name []byte) error {
		switch strings.ToLower(string(name)) {
		case "id":
			return jsonstream.Text(d, &m.id)
		case "timestamp":
			return jsonstream.Text(d, &m.at)
		case "contents", "content":
			return jsonstream.Text(d, &m.text)
		case "attachments":
			return m.attached(d)
		}
		return jsonstream.Skip(d)
	})
}

// attached takes addresses in one text, as they are, or as a list.
func (m *message) attached(d *jsonstream.Decoder) error {
	if d.PeekKind() != '[' {
		return jsonstream.Text(d, &m.files)
	}
	return jsonstream.List(d, func() error {
		var one string
		err := jsonstream.Text(d, &one)
		m.files += " " + one
		return err
	})
}

// list reads messages.json.
func (t *talk) list(m importer.Member) error {
	r := t.r
	f, err := r.fsys.Open(m.Path)
	if err != nil {
		return r.skip(m, 0, "cannot be opened")
	}
	defer f.Close()
	// One worker: most of the thousands of files are tiny.
	_, err = jsonstream.Decode(f, jsonstream.Options{Workers: 1}, parseMessage, func(record int, msg *message, err error) error {
		if record%256 == 0 && r.ctx.Err() != nil {
			return r.ctx.Err()
		}
		if err != nil {
			return r.skip(m, record, intake.Reason(err))
		}
		return t.message(m, record, *msg)
	})
	var bad *jsonstream.RecordError
	if errors.As(err, &bad) && r.ctx.Err() == nil {
		return r.skip(m, bad.Record, intake.Reason(bad))
	}
	return err
}

// table reads messages.csv.
func (t *talk) table(m importer.Member) error {
	r := t.r
	f, err := r.fsys.Open(m.Path)
	if err != nil {
		return r.skip(m, 0, "cannot be opened")
	}
	defer f.Close()
	rows, err := csvstream.NewReader(f, csvstream.Options{Comma: ','})
	if err != nil {
		return r.skip(m, 0, intake.Reason(err))
	}
	columns, err := rows.Header(8, func(c map[string]int) bool {
		_, id := c["id"]
		_, text := c["contents"]
		return id && text
	})
	if err != nil {
		return r.skip(m, 0, "has no row that names its columns")
	}
	cell := func(row csvstream.Row, name string) string {
		if i, ok := columns[name]; ok {
			return row.Get(i)
		}
		return ""
	}
	for n := 1; ; n++ {
		if n%256 == 0 && r.ctx.Err() != nil {
			return r.ctx.Err()
		}
		row, err := rows.Read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, csvstream.ErrCut), errors.Is(err, csvstream.ErrTooLarge):
			if err := r.skip(m, row.Number, err.Error()); err != nil {
				return err
			}
			continue
		case err != nil:
			return r.Fail("", m.Name, err)
		}
		err = t.message(m, row.Number, message{cell(row, "id"), cell(row, "timestamp"), cell(row, "contents"), cell(row, "attachments")})
		if err != nil {
			return err
		}
	}
}

func (t *talk) message(m importer.Member, record int, msg message) error {
	r := t.r
	id := snowflake(msg.id)
	if id == 0 {
		return r.skip(m, record, "has no id")
	}
	name := strconv.FormatUint(id, 10)
	if !t.seen.Add(name) {
		return nil
	}
	p := store.Post{Key: "message:" + name, Kind: store.KindPost, Own: true, Audience: store.AudienceGroup,
		Text: plain(msg.text), Place: t.place, Media: attachments(msg.files)}
	if strings.TrimSpace(p.Text) == "" && len(p.Media) == 0 {
		r.wordless++
		return nil
	}
	p.Created, p.Precision = when(name, msg.at)
	where := t.a.guild
	if t.private {
		p.Key, p.Kind, p.Audience, where = "dm:"+name, store.KindDM, store.AudienceDirect, "@me"
	}
	if snowflake(where) != 0 || where == "@me" {
		p.URL = "https://discord.com/channels/" + where + "/" + t.c.id + "/" + name
	} else {
		r.linkless++
	}
	r.messages++
	return r.Out.Post(p)
}

// snowflake is an id, 0 where s is none.
func snowflake(s string) uint64 {
	if len(s) < 15 || len(s) > 20 {
		return 0
	}
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// idTime is the time that an id tells, zero where it cannot be one.
func idTime(id string) time.Time {
	n := snowflake(id)
	if n == 0 {
		return time.Time{}
	}
	t := time.UnixMilli(int64(n>>22) + 1420070400000).UTC()
	if t.Year() > 2100 {
		return time.Time{}
	}
	return t
}

// when is the time of a message. The id has it to the millisecond, and alike
// in packages of all years; the written time wins where they disagree.
func when(id, written string) (time.Time, store.Precision) {
	told := idTime(id)
	for _, form := range []string{"2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999", time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		t, err := time.Parse(form, strings.TrimSpace(written))
		if err != nil || t.Year() < 2015 || t.Year() > 2099 {
			continue
		}
		if d := t.Sub(told); d.Abs() <= 2*time.Second {
			return told, store.PrecisionSecond
		}
		return t.UTC(), store.PrecisionSecond
	}
	if told.IsZero() {
		return told, store.PrecisionNone
	}
	return told, store.PrecisionSecond
}

var emoji = pattern.New(`<a?(:\w{1,64}:)\d{15,20}>`)

// plain writes the emoji of servers by their names, as people see them.
func plain(text string) string {
	if !strings.Contains(text, "<") {
		return text
	}
	return emoji.ReplaceAllString(text, "$1")
}

// attachments are addresses with blanks between them. They expire; the files
// are not in the package.
func attachments(list string) []store.Media {
	var all []store.Media
	for _, address := range strings.Fields(list) {
		if !strings.HasPrefix(address, "http") {
			continue
		}
		file, _, _ := strings.Cut(address, "?")
		all = append(all, store.Media{URL: address, Type: mediaType(path.Ext(file))})
	}
	return all
}

func mediaType(ext string) string {
	switch strings.ToLower(ext) {
	case ".png", ".jpg", ".jpeg", ".webp", ".heic":
		return "photo"
	case ".gif":
		return "gif"
	case ".mp4", ".mov", ".webm":
		return "video"
	case ".mp3", ".ogg", ".m4a", ".wav", ".flac":
		return "audio"
	}
	return ""
}
