package synth

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The years that an archive covers, and the day on which it was made.
var (
	first      = time.Date(2012, 10, 21, 0, 0, 0, 0, time.UTC)
	last       = time.Date(2026, 10, 29, 0, 0, 0, 0, time.UTC)
	made       = time.Date(2026, 11, 1, 9, 30, 0, 0, time.UTC)
	newerLast  = time.Date(2026, 11, 18, 0, 0, 0, 0, time.UTC)
	newerMade  = time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)
	editsBegan = time.Date(2022, 9, 29, 0, 0, 0, 0, time.UTC)
	notesBegan = time.Date(2023, 2, 8, 0, 0, 0, 0, time.UTC)
)

// twitterEpoch is where the milliseconds in an id of X begin to count.
const twitterEpoch = 1288834974657

// yearWeights is how much the person posted in each fourteenth of the time.
var yearWeights = []float64{6, 12, 15, 13, 11, 9, 8, 6, 9, 7, 5, 4, 3, 3}

// url is a link in a post, as X stores it.
type url struct {
	short, expanded, display string
	media                    bool
}

// mention is a handle in a post.
type mention struct{ handle, name, id string }

// post is one tweet, before it is written as JSON.
type post struct {
	index    int
	id       int64
	at       time.Time
	kind     string // post, reply, repost, quote
	text     string // as in full_text, but not yet HTML-escaped
	lang     string
	urls     []url
	mentions []mention
	tags     []string
	replyID  string // empty where the archive lacks it
	replyTo  mention
	note     string  // whole text of a long post
	editIDs  []int64 // all ids of an edited post, oldest first
	theme    string
	action   string
}

// maker makes the posts of one archive; each depends on the seed and its
// number alone, so that any of them can be made again at any time.
type maker struct {
	writer
	pcg   *rand.PCG
	seed  uint64
	owner person
	posts int // in the first export
	every int // one post of so many has something to find
}

func newMaker(g *grammar, o Options) *maker {
	m := &maker{pcg: rand.NewPCG(0, 0), seed: o.Seed, posts: o.Posts, every: 50}
	m.owner = seededPerson(g, o.Seed)
	if o.Demo {
		m.owner, m.every = demoPerson(), 33
	}
	m.writer = writer{g: g, rng: rand.New(m.pcg), fixed: m.owner.fixed}
	return m
}

// reseed makes what follows depend on the seed, the stream and i only.
func (m *maker) reseed(stream, i int) {
	m.pcg.Seed(m.seed, uint64(stream)<<48|uint64(i))
}

// when is the time of post i: in order, but for the hour of the day.
func (m *maker) when(i int) (time.Time, byte) {
	if i >= m.posts { // written after the first export
		span := newerLast.Sub(last)
		return last.Add(time.Duration(float64(span) * m.rng.Float64())).Truncate(time.Second), 'D'
	}
	share := (float64(i) + m.rng.Float64()) / float64(m.posts)
	total := 0.0
	for _, w := range yearWeights {
		total += w
	}
	left, pos := share*total, 0.0
	for k, w := range yearWeights {
		if left <= w || k == len(yearWeights)-1 {
			pos = (float64(k) + min(left/w, 0.999)) / float64(len(yearWeights))
			break
		}
		left -= w
	}
	day := first.Add(time.Duration(pos * float64(last.Sub(first)))).Truncate(24 * time.Hour)
	sec := 6*3600 + int((m.rng.Float64()+m.rng.Float64())/2*18*3600)
	return day.Add(time.Duration(sec) * time.Second), "AABBBBCCCDDDDD"[int(pos*14)]
}

// make writes post i.
func (m *maker) make(i int) post {
	plant := m.planting(i)
	m.reseed(1, i)
	at, phase := m.when(i)
	ms := at.UnixMilli() + int64(m.rng.IntN(1000))
	p := post{index: i, at: at, lang: "en"}
	p.id = (ms-twitterEpoch)<<22 | int64(i*2654435)&0x3fffff
	r := m.rng.Float64()
	switch {
	case plant:
		m.plantPost(&p, phase)
	case r < 0.22:
		p.kind = "repost"
		m.repost(&p, m.everyday(phase, 1+m.rng.IntN(4), " "))
	case r < 0.57:
		p.kind = "reply"
		p.text = m.everyday(phase, 1+m.rng.IntN(2), " ")
	default:
		p.kind = "post"
		p.text = m.ordinary(phase)
	}
	if p.kind == "reply" {
		m.reply(&p, i)
	}
	if p.kind != "repost" && p.theme == "" {
		m.attach(&p)
	}
	p.tags = hashtags(p.text)
	return p
}

func (m *maker) ordinary(phase byte) string {
	if m.chance(5) {
		s := m.pick(m.g.traps, phase)
		return string(m.fill(nil, s.lines[m.rng.IntN(len(s.lines))].text))
	}
	sep := " "
	if m.chance(8) {
		sep = "\n\n"
	}
	return m.everyday(phase, 1+m.rng.IntN(3), sep)
}

// planting says whether post i has something to find: one in each run of
// posts, at no fixed place in it.
func (m *maker) planting(i int) bool {
	m.reseed(7, i/m.every)
	return i%m.every == m.rng.IntN(m.every)
}

// plantPost writes a post with something to find. The themes take turns, so
// that a small archive shows many of them.
func (m *maker) plantPost(p *post, phase byte) {
	for turn := p.index / m.every * 7; ; turn++ {
		s := &m.g.planted[turn%len(m.g.planted)]
		if strings.IndexByte(s.phases, phase) < 0 {
			continue
		}
		l, text, ok := m.planted(s, "post,repost,reply")
		if !ok {
			continue
		}
		p.theme, p.action, p.text, p.kind = s.name, s.action, text, "post"
		switch {
		case l.kind == "repost":
			p.kind = "repost"
			m.repost(p, text)
		case l.kind == "reply" || strings.HasPrefix(text, "@"):
			p.kind = "reply"
		}
		return
	}
}

// repost sets text as somebody else's, cut as X cuts it.
func (m *maker) repost(p *post, text string) {
	who := m.stranger("other")
	p.mentions = []mention{who}
	p.text = cut("RT @"+who.handle+": "+text, 140)
}

// reply turns the post into an answer, one in seven of them to the owner's
// own last post.
func (m *maker) reply(p *post, i int) {
	switch {
	case strings.HasPrefix(p.text, "@"):
		h, _, _ := strings.Cut(p.text[1:], " ")
		p.replyTo = mention{handle: h, name: h, id: numberOf(h)}
	case i > 0 && i < m.posts && m.chance(15):
		// The own post before, which is made again to learn its id; what
		// this post still needs from chance goes on from a stream of its own.
		p.replyTo = mention{handle: m.owner.handle, name: m.owner.name, id: m.owner.id}
		p.replyID = strconv.FormatInt(m.idOf(i-1), 10)
		m.reseed(2, i)
		return
	default:
		p.replyTo = m.stranger("handle")
		p.text = "@" + p.replyTo.handle + " " + p.text
	}
	p.mentions = append(p.mentions, p.replyTo)
	if !m.chance(1) {
		p.replyID = strconv.FormatInt(p.id-int64(1+m.rng.IntN(86_400_000))<<22, 10)
	}
}

// idOf is the id of post i without its text.
func (m *maker) idOf(i int) int64 {
	m.reseed(1, i)
	at, _ := m.when(i)
	return (at.UnixMilli()+int64(m.rng.IntN(1000))-twitterEpoch)<<22 | int64(i*2654435)&0x3fffff
}

func (m *maker) stranger(slot string) mention {
	h := m.slot(slot)
	name := upperFirst(strings.ReplaceAll(strings.Trim(h, "_"), "_", " "), true)
	return mention{handle: h, name: name, id: numberOf(h)}
}

// attach adds links, photos, quotes, edits and long texts to ordinary posts.
func (m *maker) attach(p *post) {
	switch {
	case m.chance(8):
		m.link(p, url{expanded: "https://x.com/" + m.owner.handle + "/status/" + strconv.FormatInt(p.id, 10) + "/photo/1",
			display: "pic.x.com/" + m.code(10), media: true})
	case m.chance(4) && p.kind == "post":
		p.kind = "quote"
		who := m.slot("other")
		m.link(p, url{expanded: "https://x.com/" + who + "/status/" + strconv.FormatInt(p.id-int64(m.rng.IntN(1<<40)), 10),
			display: "x.com/" + who + "/statu…"})
	case m.chance(16):
		host := []string{"example.org", "example.com", "example.net"}[m.rng.IntN(3)]
		slug := strings.Trim(strings.ToLower(strings.NewReplacer(" ", "-", "'", "", ".", "").Replace(m.slot("hobby")+"-"+m.slot("town"))), "-")
		m.link(p, url{expanded: "https://" + host + "/" + slug + "?id=" + strconv.Itoa(m.rng.IntN(90000)) + "&ref=x",
			display: host + "/" + cut(slug, 16)})
	}
	if p.at.After(notesBegan) && p.kind == "post" && len(p.urls) == 0 && m.chance(1.6) {
		m.long(p)
	}
	if p.at.After(editsBegan) && p.kind != "reply" && m.chance(2) {
		p.editIDs = []int64{p.id - int64(60_000+m.rng.IntN(900_000))<<22, p.id}
	}
}

func (m *maker) link(p *post, u url) {
	u.short = "https://t.co/" + m.code(10)
	p.urls = append(p.urls, u)
	p.text += " " + u.short
}

// long gives the post a text that only note-tweet.js holds whole.
func (m *maker) long(p *post) {
	var b strings.Builder
	b.WriteString(p.text)
	for utf8.RuneCountInString(b.String()) < 320 {
		b.WriteString("\n\n" + m.everyday('D', 2, " "))
	}
	p.note = b.String()
	p.text = cut(p.note, 276)
}

// code is a random name such as t.co uses.
func (m *maker) code(n int) string {
	const letters = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[m.rng.IntN(len(letters))]
	}
	return string(b)
}

// gone says whether the later export lacks post p: the person removed most of
// what was worth removing, and a few others.
func (m *maker) gone(p post) bool {
	m.reseed(3, p.index)
	if p.theme != "" {
		return m.chance(70)
	}
	return m.chance(1)
}

// cut shortens s to n code points, the last of them an ellipsis.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:n-1]), " ") + "…"
}

// numberOf is an account number for a handle, always the same.
func numberOf(handle string) string {
	h := uint64(14695981039346656037)
	for _, c := range []byte(handle) {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return strconv.FormatUint(100_000_000+h%3_000_000_000, 10)
}

func hashtags(text string) []string {
	var tags []string
	for f := range strings.FieldsSeq(text) {
		if len(f) > 1 && f[0] == '#' {
			tags = append(tags, strings.TrimRight(f[1:], ".,!?"))
		}
	}
	return tags
}

// escape is what X does to the text of a tweet.
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace

// indexOf counts where sub begins and ends in text, in code points.
func indexOf(text, sub string) (int, int) {
	i := strings.Index(text, sub)
	if i < 0 {
		return 0, 0
	}
	from := utf8.RuneCountInString(text[:i])
	return from, from + utf8.RuneCountInString(sub)
}
