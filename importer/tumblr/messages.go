package tumblr

import (
	"cmp"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"lookback/store"
)

// A message is one <message>. Its writer is a code, not a name.
type message struct {
	At     string   `xml:"ts,attr"`
	Writer string   `xml:"participant,attr"`
	Type   string   `xml:"type,attr"`
	Text   string   `xml:",chardata"`
	Photos []string `xml:"photo-url"`
	Posts  []string `xml:"post-url"`
}

type participant struct {
	Name string `xml:",chardata"`
}

// talk visits one messages.xml. Each function may be nil.
type talk struct {
	begin   func() error
	who     func(name string) error
	message func(n int, m message) error
	broken  func(n int, err error) error
}

func (r *run) talk(m member, t talk) error {
	f, err := m.fsys.Open(m.Path)
	if err != nil {
		return t.broken(0, errors.New("cannot be opened"))
	}
	defer f.Close()
	in, err := newElements(f, "participant message", "conversation /tumblr")
	if err != nil {
		return t.broken(0, errCut)
	}
	ended := false
	for n := 0; ; {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		e, err := in.next()
		if err != nil {
			if errors.Is(err, io.EOF) && ended {
				return r.ctx.Err()
			}
			return t.broken(0, errCut)
		}
		switch e.name {
		case "/tumblr":
			ended = true
		case "conversation":
			err = t.begin()
		case "participant":
			var p participant
			if e.err == nil && decode(e.raw, &p) == nil {
				err = t.who(clean(p.Name))
			}
		default:
			n++
			var msg message
			if err = e.err; err == nil {
				err = decode(e.raw, &msg)
			}
			if err != nil {
				err = t.broken(n, err)
			} else {
				err = t.message(n, msg)
			}
		}
		if err != nil {
			return err
		}
	}
}

func nobody(string) error         { return nil }
func silent(int, error) error     { return nil }
func unread(int, message) error   { return nil }
func known(m map[string]int) bool { return len(m) < 100_000 }
func add(m map[string]int, k string) { // counts k, within bounds
	if _, ok := m[k]; ok || known(m) {
		m[k]++
	}
}

// common is what occurs in most conversations, if that is in two at least and
// in more than anything else.
func common(in map[string]int) string {
	best, next := "", ""
	for _, k := range slices.Sorted(maps.Keys(in)) {
		switch {
		case best == "" || in[k] > in[best]:
			best, next = k, best
		case next == "" || in[k] > in[next]:
			next = k
		}
	}
	if best == "" || in[best] < 2 || next != "" && in[next] == in[best] {
		return ""
	}
	return best
}

// commonName is the name that takes part in every conversation: the blog's.
func (r *run) commonName() string {
	in := map[string]int{}
	here := map[string]bool{}
	for _, m := range r.export.messages {
		err := r.talk(m, talk{
			begin: func() error { clear(here); return nil },
			who: func(name string) error {
				if name != "" && !here[name] {
					here[name] = true
					add(in, name)
				}
				return nil
			},
			message: unread, broken: silent,
		})
		if err != nil {
			return "" // the context is done
		}
	}
	return common(in)
}

// writer finds the code of the owner: the one who wrote in most
// conversations. Others takes the codes when it cannot be told.
func (r *run) writer() (code string, others []string, err error) {
	if strings.HasPrefix(r.opts.Me, "t:") {
		return r.opts.Me, nil, nil
	}
	in := map[string]int{}
	here := map[string]bool{}
	for _, m := range r.export.messages {
		err := r.talk(m, talk{
			begin: func() error { clear(here); return nil },
			who:   nobody,
			message: func(_ int, m message) error {
				if m.Writer != "" && !here[m.Writer] {
					here[m.Writer] = true
					add(in, m.Writer)
				}
				return nil
			},
			broken: silent,
		})
		if err != nil {
			return "", nil, err
		}
	}
	return common(in), slices.Sorted(maps.Keys(in)), nil
}

// readMessages reads the messages that the owner sent, if they are asked for.
func (r *run) readMessages() error {
	there := len(r.export.messages) > 0
	if !r.opts.Messages {
		if there || r.export.talks > 0 {
			return r.Note("messages-not-read", "", "The export holds private messages. They are read only when you ask for it.")
		}
		return nil
	}
	if r.export.talks > 0 {
		if err := r.Note("messages-unreadable", "", "The pages of private messages do not say who wrote what; a newer export has them in messages.xml."); err != nil {
			return err
		}
	}
	if !there {
		return nil
	}
	me, codes, err := r.writer()
	if err != nil {
		return err
	}
	if me == "" {
		text := "messages.xml names its writers by codes, and it could not be told which is yours; give it with --me."
		if len(codes) > 0 {
			text += " They are: " + clean(strings.Join(codes[:min(len(codes), 4)], ", ")) + "."
		}
		return r.Note("writer-unknown", r.export.messages[0].shown, text)
	}
	for _, m := range r.export.messages {
		r.keys.File()
		if err := r.conversations(m, me); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) conversations(m member, me string) error {
	var names []string
	return r.talk(m, talk{
		begin: func() error { names = nil; return nil },
		who: func(name string) error {
			if name != "" && !strings.EqualFold(name, r.account.Handle) && len(names) < 20 && !slices.Contains(names, name) {
				names = append(names, name)
			}
			return nil
		},
		message: func(n int, msg message) error {
			if msg.Writer != me {
				return nil
			}
			return r.message(msg, strings.Join(names, ", "))
		},
		broken: func(n int, err error) error { return r.skip(m, n, err) },
	})
}

func (r *run) message(msg message, with string) error {
	text := clean(msg.Text)
	for _, address := range msg.Posts {
		text = join(text, address)
	}
	var media []store.Media
	for _, address := range msg.Photos {
		media = append(media, store.Media{Type: "photo", URL: clean(address)})
	}
	if text == "" && len(media) == 0 {
		return nil
	}
	p := store.Post{Kind: store.KindDM, Own: true, Audience: store.AudienceDirect, Text: text, Place: with, Media: media}
	if n := number(msg.At); n > 0 && sound(time.Unix(n, 0).UTC()) {
		p.Created = time.Unix(n, 0).UTC()
	} else {
		p.Precision = store.PrecisionNone
	}
	again := false
	if p.Key, again = r.keys.Key("dm", msg.At, cmp.Or(text, first(msg.Photos))); again {
		return nil
	}
	return r.Out.Post(p)
}
