package youtube

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"lookback/importer"
	"lookback/importer/csvstream"
	"lookback/importer/pattern"
)

// A table is a kind of CSV file.
type table int

const (
	none table = iota
	comments
	chats
	posts
	videos
	videoTexts
	channel
	channelURL
	playlists
)

// A tableFile is a CSV file with what its columns are.
type tableFile struct {
	importer.Member
	table   table
	columns columns
}

// columns are positions in a row; -1 where a table has none.
type columns struct {
	id, channel, created, parent, post, video, text, top int
	title, description, privacy                          int
	fallback                                             int   // a second column of times
	titles, descriptions                                 []int // of the table of texts: one column a segment
	guess                                                bool  // by the shape of the fields: the names are in another language
}

func noColumns() columns {
	return columns{-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, nil, nil, false}
}

// scopeOf is the scope to which a table's records belong.
func scopeOf(t table) string {
	switch t {
	case comments:
		return scopeComment
	case chats:
		return scopeChat
	case posts:
		return scopePost
	case videos, videoTexts:
		return scopeVideo
	case playlists:
		return scopePlaylist
	}
	return "bio"
}

// tableOf looks at the header and the first rows of a CSV file.
func tableOf(fsys fs.FS, m importer.Member, name string) (tableFile, bool) {
	head, err := importer.Head(fsys, m.Path, 16<<10)
	if err != nil {
		return tableFile{}, false
	}
	rows, err := csvstream.NewReader(strings.NewReader(string(head)), csvstream.Options{})
	if err != nil {
		return tableFile{}, false
	}
	header, err := rows.Read()
	if err != nil && !errors.Is(err, io.EOF) || len(header.Fields) < 2 {
		return tableFile{}, false
	}
	f := tableFile{Member: m}
	if f.table, f.columns = byName(header.Fields); f.table != none {
		return f, true
	}
	var sample []csvstream.Row
	for range 20 {
		row, err := rows.Read()
		if err != nil {
			break // the end of what was looked at
		}
		if len(row.Fields) == len(header.Fields) {
			sample = append(sample, row)
		}
	}
	f.table, f.columns = byShape(name, header.Fields, sample)
	return f, f.table != none
}

// byName knows the English columns, in whatever order they come.
func byName(header []string) (table, columns) {
	at := make(map[string]int, len(header))
	for i, name := range header {
		if _, taken := at[csvstream.Column(name)]; !taken {
			at[csvstream.Column(name)] = i
		}
	}
	c := noColumns()
	for name, p := range map[string]*int{
		"channelid": &c.channel, "parentcommentid": &c.parent, "postid": &c.post, "videoid": &c.video,
		"toplevelcommentid": &c.top,
	} {
		set(at, p, name)
	}
	for _, k := range known {
		if !has(at, k.needs...) {
			continue
		}
		for _, f := range []struct {
			p     *int
			names []string
		}{
			{&c.id, k.needs[:1]}, {&c.text, k.text}, {&c.title, k.title}, {&c.description, k.description},
			{&c.created, k.created}, {&c.privacy, k.privacy},
		} {
			set(at, f.p, f.names...)
		}
		if k.table == videos {
			set(at, &c.fallback, "videocreatetimestamp") // a video that was never published
		}
		return k.table, c
	}
	return textSegments(header)
}

// known are the tables by their English columns. The first one that a table
// needs is its id; of times the first one that is there counts.
var known = []struct {
	table                                      table
	needs                                      []string
	text, title, description, created, privacy []string
}{
	{table: comments, needs: []string{"commentid", "commenttext"}, text: []string{"commenttext"},
		created: []string{"commentcreatetimestamp", "commentcreationtimestamp", "createtimestamp"}},
	{table: chats, needs: []string{"livechatid", "livechattext"}, text: []string{"livechattext"},
		created: []string{"livechatcreatetimestamp", "createtimestamp"}},
	{table: posts, needs: []string{"postid", "posttext"}, text: []string{"posttext"},
		created: []string{"postcreatetimestamp", "postcreationtimestamp", "createtimestamp", "postpublishtimestamp"}},
	{table: playlists, needs: []string{"playlistid", "playlisttitleoriginal"}, title: []string{"playlisttitleoriginal"},
		description: []string{"playlistdescriptionoriginal"}, created: []string{"playlistcreatetimestamp"}, privacy: []string{"playlistvisibility"}},
	{table: videos, needs: []string{"videoid", "videotitleoriginal"}, title: []string{"videotitleoriginal"},
		description: []string{"videodescriptionoriginal"}, created: videoTimes, privacy: []string{"privacy"}},
	{table: videos, needs: []string{"videoid", "videodescriptionoriginal"},
		description: []string{"videodescriptionoriginal"}, created: videoTimes, privacy: []string{"privacy"}},
	{table: channel, needs: []string{"channelid", "channeltitleoriginal"}, title: []string{"channeltitleoriginal"},
		description: []string{"channeldescriptionoriginal"}},
	{table: channelURL, needs: []string{"channelid", "channelvanityurl1name"}, title: []string{"channelvanityurl1name"}},
}

var videoTimes = []string{"videopublishtimestamp", "videocreatetimestamp"}

// textSegments knows the table with the titles and descriptions of videos:
// long ones are cut into columns that are numbered.
func textSegments(header []string) (table, columns) {
	c := noColumns()
	for i, name := range header {
		name = csvstream.Column(name)
		switch {
		case name == "videoid":
			c.id = i
		case strings.Contains(name, "create") && strings.Contains(name, "timestamp"):
			c.created = i
		case strings.Contains(name, "segment") && isTitle(name):
			c.titles = append(c.titles, i)
		case strings.Contains(name, "segment") && isDescription(name):
			c.descriptions = append(c.descriptions, i)
		}
	}
	if c.id < 0 || len(c.titles)+len(c.descriptions) == 0 {
		return none, c
	}
	return videoTexts, c
}

func set(at map[string]int, p *int, names ...string) {
	for _, name := range names {
		if i, ok := at[name]; ok {
			*p = i
			return
		}
	}
}

func has(at map[string]int, names ...string) bool {
	return !slices.ContainsFunc(names, func(n string) bool { _, ok := at[n]; return !ok })
}

// The words for title and description in the languages of Takeout's users,
// as parts of folded names.
var (
	titleWords       = []string{"title", "titel", "título", "titulo", "titre", "titolo", "tytuł", "titlu", "tittel", "otsikko", "pavadinimas", "cím", "název", "заголовок", "название", "başlı", "タイトル", "标题", "제목"}
	descriptionWords = []string{"descri", "beschreib", "beschrijving", "omschrijving", "beskriv", "opis", "kuvaus", "aprašymas", "leírás", "popis", "описание", "açıklama", "説明", "说明", "설명"}
	segmentWords     = []string{"segment", "abschnitt", "fragment", "szegmens", "segmento"}
)

func contains(name string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(name, w) })
}

func isTitle(name string) bool       { return contains(name, titleWords) }
func isDescription(name string) bool { return contains(name, descriptionWords) }

// Shapes of fields.
var (
	commentID = pattern.New(`^Ug[\w-]{20,40}(\.[\w-]{10,60})?$`)
	channelID = pattern.New(`^UC[\w-]{22}$`)
	videoID   = pattern.New(`^[\w-]{11}$`)
	isoTime   = pattern.New(`^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d`)
	textCell  = pattern.New(`^\s*\{\s*"(text|takeoutSegments)"\s*:`)
	liveID    = pattern.New(`^[\w%=+/-]{25,200}$`)
)

// byShape judges a table whose columns are in a language that nobody wrote
// down, by what its fields look like.
func byShape(name string, header []string, sample []csvstream.Row) (table, columns) {
	c := noColumns()
	c.guess = true
	c.channel = column(sample, channelID)
	c.created = column(sample, isoTime)
	c.text = column(sample, textCell)
	if c.text >= 0 && (c.created >= 0 || column(sample, commentID) >= 0) {
		return textTable(name, len(header), sample, c)
	}
	folded := make([]string, len(header))
	for i, h := range header {
		folded[i] = csvstream.Column(h)
		if isTitle(folded[i]) && !contains(folded[i], segmentWords) && c.title < 0 {
			c.title = i
		}
		if isDescription(folded[i]) && !contains(folded[i], segmentWords) && c.description < 0 {
			c.description = i
		}
	}
	c.id = column(sample, videoID)
	switch {
	case c.id == 0 && slices.ContainsFunc(folded, func(n string) bool { return contains(n, segmentWords) }):
		for i, n := range folded {
			switch {
			case !contains(n, segmentWords):
			case isDescription(n):
				c.descriptions = append(c.descriptions, i)
			case isTitle(n):
				c.titles = append(c.titles, i)
			}
		}
		if len(c.titles)+len(c.descriptions) > 0 {
			return videoTexts, c
		}
	case c.id == 0 && c.channel > 0 && (c.title > 0 || c.description > 0):
		return videos, c
	case c.channel == 0 && c.created < 0 && (c.title > 0 || c.description > 0) && len(header) <= 8 && len(sample) <= 5:
		// Subscriptions look alike, but are many and have an address.
		if column(sample, pattern.New(`^https?://`)) < 0 {
			c.id = 0
			return channel, c
		}
	}
	return none, c
}

// textTable tells comments, chats and posts apart.
func textTable(name string, width int, sample []csvstream.Row, c columns) (table, columns) {
	c.id = column(sample, commentID)
	dir, base := path.Base(path.Dir(name)), stem(name)
	switch {
	case c.id < 0:
		if c.id = column(sample, liveID); c.id == c.text || c.id == c.created {
			c.id = -1
		}
		return chats, c
	case contains(dir+" "+base, postWords) || width < fewestComment && column(sample, videoID) < 0:
		return posts, c
	}
	return comments, c
}

// fewestComment is the least number of columns that comments ever had.
const fewestComment = 7

// postWords are the names of the folder of community posts.
var postWords = []string{"posts", "beiträge", "berichten", "publicaciones", "publications", "postagens", "inlägg", "įrašai", "postări", "wpisy"}

// column returns the first column of which most filled fields have a shape.
func column(sample []csvstream.Row, shape *pattern.Pattern) int {
	width := 0
	for _, row := range sample {
		width = max(width, len(row.Fields))
	}
	for i := range width {
		filled, right := 0, 0
		for _, row := range sample {
			if field := row.Get(i); field != "" {
				filled++
				if shape.MatchString(field) {
					right++
				}
			}
		}
		if right > 0 && right*2 > filled {
			return i
		}
	}
	return -1
}

// skip counts a record, or with 0 a whole member, that could not be read.
func (r *run) skip(t table, member string, number int, why string) error {
	return r.Skip(scopeOf(t), member, number, why)
}

// table reads one CSV file.
func (r *run) table(f tableFile) error {
	r.keys.File()
	in, close, err := r.rows(f)
	if err != nil {
		return r.Fail(scopeOf(f.table), f.Path, err)
	}
	defer close()
	for first := true; ; first = false {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		row, err := in.Read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, csvstream.ErrCut):
			err = r.skip(f.table, f.Path, row.Number, "the file ends in the middle of it")
		case errors.Is(err, csvstream.ErrTooLarge):
			err = r.skip(f.table, f.Path, row.Number, "is too large: a quotation mark is missing")
		case err != nil:
			return r.Fail(scopeOf(f.table), f.Path, err)
		case first: // the header
		default:
			err = r.record(f, row)
		}
		if err != nil {
			return err
		}
	}
}

func (r *run) rows(f tableFile) (*csvstream.Reader, func() error, error) {
	file, err := r.fsys.Open(f.Path)
	if err != nil {
		return nil, nil, err
	}
	in, err := csvstream.NewReader(file, csvstream.Options{})
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return in, file.Close, nil
}

// record hands one row to what knows its table.
func (r *run) record(f tableFile, row csvstream.Row) error {
	switch f.table {
	case comments:
		return r.comment(f, row)
	case chats:
		return r.chat(f, row)
	case posts:
		return r.post(f, row)
	case playlists:
		return r.playlist(f, row)
	case videos:
		return r.video(f, row)
	case videoTexts:
		r.videoText(f, row)
	case channel:
		r.channel(f, row)
	case channelURL:
		if handle := row.Get(f.columns.title); r.account.Handle == "" {
			r.account.Handle = strings.TrimPrefix(handle, "@")
		}
	}
	return nil
}

// channelOfComments is the channel that the first comment or chat names.
func (r *run) channelOfComments() string {
	for _, t := range []table{comments, chats, posts} {
		for _, f := range r.takeout.tables[t] {
			in, close, err := r.rows(f)
			if err != nil {
				continue // told when it is read
			}
			id := ""
			for range 20 {
				row, err := in.Read()
				if err != nil {
					break
				}
				if id = row.Get(f.columns.channel); channelID.MatchString(id) {
					break
				}
				id = ""
			}
			_ = close() // nothing was written
			if id != "" {
				return id
			}
		}
	}
	return ""
}
