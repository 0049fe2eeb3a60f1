package telegram

import (
	"path"
	"strings"
	"time"

	"lookback/importer/intake"
	"lookback/store"
)

// html reads the pages.
func (r *run) html(p *place) error {
	kinds := map[string]string{}
	if p.layout == LayoutHTML {
		if err := r.results(); err != nil {
			return err
		}
		var err error
		if kinds, err = r.kinds(); err != nil {
			return err
		}
	}
	dir := ""
	var c chat
	var sender string
	for _, page := range p.pages {
		if d := path.Dir(page); d != dir {
			dir, c, sender = d, chat{kind: kinds[path.Base(d)]}, ""
		}
		err := r.Page(page, isRecord, func(_ int, n *intake.Node) error {
			if !n.Class("message") {
				if c.name == "" {
					c.name = n.String()
				}
				return nil
			}
			return r.record(n, &c, &sender)
		})
		if err != nil {
			return err
		}
	}
	return r.ended()
}

// isRecord picks messages and the chat's name at the top.
func isRecord(n *intake.Node) bool {
	return n.Tag == "div" && (n.Class("message") || n.Class("text", "bold"))
}

func class(names ...string) func(*intake.Node) bool {
	return func(n *intake.Node) bool { return n.Class(names...) }
}

// record reads one message. A joined one has the sender of the one before.
func (r *run) record(n *intake.Node, c *chat, sender *string) error {
	if n.Class("service") || !strings.HasPrefix(n.Attr["id"], "message") {
		return nil
	}
	forwarded := class("forwarded")
	if f := n.Find(class("from_name"), forwarded); f != nil {
		*sender = f.String()
	} else if !n.Class("joined") {
		*sender = ""
	}
	r.people.Add(*sender)
	own := *sender != "" && (r.account.Name != "" && intake.Name(*sender) == intake.Name(r.account.Name) || r.isMe(*sender, ""))
	if !own {
		return nil
	}
	r.owned++
	if !c.public() && !r.Opts.Messages {
		r.private++
		return nil
	}
	if !r.named {
		r.account.Name, r.account.Handle = *sender, strings.TrimPrefix(r.Opts.Me, "@")
	}
	return r.page(n, c)
}

// page hands over one message of the owner's.
func (r *run) page(n *intake.Node, c *chat) error {
	m := message{id: strings.TrimPrefix(n.Attr["id"], "message")}
	p := store.Post{Kind: store.KindDM, Own: true, Audience: c.audience(), Place: c.name}
	if c.public() {
		p.Kind = store.KindPost
	}
	body := n
	if f := n.Find(class("forwarded"), nil); f != nil {
		body = f
		author := ""
		if name := f.Find(class("from_name"), nil); name != nil {
			author = forwardName(name)
		}
		if author == "" || intake.Name(author) != intake.Name(r.account.Name) {
			p.Kind, p.Own, p.Author = store.KindRepost, false, author
		}
	} else if n.Find(class("reply_to"), nil) != nil && c.public() {
		p.Kind = store.KindReply
	}
	if t := body.Find(class("text"), class("media_wrap")); t != nil {
		p.Text = t.String()
	}
	if poll := body.Find(class("media_poll"), nil); poll != nil {
		p.Text = strings.TrimSpace(p.Text + "\n" + pollText(poll))
	}
	if p.Text == "" {
		return nil
	}
	date := n.Find(class("date"), forwardedBody)
	p.Precision = store.PrecisionNone
	if date != nil {
		p.Created, p.Precision = pageTime(date.Attr["title"])
	}
	p.Key = key(m.id, p.Created)
	if a := body.Find(func(n *intake.Node) bool { return n.Tag == "a" && n.Class("photo_wrap") }, nil); a != nil {
		p.Media = []store.Media{{Member: a.Attr["href"], Type: "photo"}}
	}
	return r.post(p)
}

func forwardedBody(n *intake.Node) bool { return n.Class("forwarded") }

// forwardName is the name of who wrote a forwarded message, without the date
// that stands beside it.
func forwardName(n *intake.Node) string {
	var b strings.Builder
	for _, k := range n.Kids {
		if k.Tag == "" {
			b.WriteString(k.Text)
		}
	}
	return strings.ToValidUTF8(strings.Join(strings.Fields(b.String()), " "), "\uFFFD")
}

// pollText is the question and its answers.
func pollText(n *intake.Node) string {
	var lines []string
	n.All(func(k *intake.Node) {
		switch {
		case k.Class("question"):
			lines = append(lines, k.String())
		case k.Class("answer"):
			var own strings.Builder
			for _, t := range k.Kids {
				if t.Tag == "" {
					own.WriteString(t.Text)
				}
			}
			text := strings.ToValidUTF8(strings.TrimPrefix(strings.TrimSpace(own.String()), "- "), "\uFFFD")
			lines = append(lines, "- "+text)
		}
	})
	return strings.Join(lines, "\n")
}

// pageTime reads "14.12.2021 23:43:49 UTC+03:00", before December 2021
// without the zone.
func pageTime(s string) (time.Time, store.Precision) {
	if t, err := time.Parse("02.01.2006 15:04:05 UTC-07:00", s); err == nil {
		if t = intake.Plausible(t); !t.IsZero() {
			return t, store.PrecisionSecond
		}
	}
	if len(s) >= 19 {
		if t, err := time.Parse("02.01.2006 15:04:05", s[:19]); err == nil {
			if t = intake.Plausible(t); !t.IsZero() {
				return t, store.PrecisionZone
			}
		}
	}
	return time.Time{}, store.PrecisionNone
}

// results reads whose export it is.
func (r *run) results() error {
	const page = "export_results.html"
	if f, err := r.FS.Open(page); err != nil {
		return nil
	} else {
		f.Close()
	}
	fields := map[string]string{}
	pick := func(n *intake.Node) bool { return n.Class("personal_info") || n.Class("row") || n.Class("bio") }
	err := r.Page(page, pick, func(_ int, n *intake.Node) error {
		label := ""
		n.All(func(k *intake.Node) {
			switch {
			case k.Class("label"):
				label = strings.ToLower(k.String())
			case k.Class("value") && label != "":
				fields[label], label = k.String(), ""
			}
		})
		return nil
	})
	if err != nil {
		return err
	}
	r.account.Name = strings.TrimSpace(fields["first name"] + " " + fields["last name"])
	r.account.Handle = strings.TrimPrefix(fields["username"], "@")
	if r.account.Handle == "" {
		r.account.Handle = strings.TrimPrefix(r.Opts.Me, "@")
	}
	r.bio = fields["bio"]
	if err := r.name(); err != nil {
		return err
	}
	return r.bios()
}

// kinds reads what kind each chat is from the list of chats, as far as it
// says so.
func (r *run) kinds() (map[string]string, error) {
	const page = "lists/chats.html"
	kinds := map[string]string{}
	if f, err := r.FS.Open(page); err != nil {
		return kinds, nil
	} else {
		f.Close()
	}
	err := r.Page(page, func(n *intake.Node) bool { return n.Tag == "a" && n.Attr["href"] != "" }, func(_ int, n *intake.Node) error {
		text := strings.ToLower(n.String())
		if d := n.Find(class("details_entry"), nil); d != nil {
			text = strings.ToLower(d.String())
		}
		href, _, _ := strings.Cut(n.Attr["href"], "#")
		dir := path.Base(path.Dir(href))
		for words, kind := range map[string]string{"public channel": "public_channel", "public supergroup": "public_supergroup", "public group": "public_supergroup"} {
			if strings.Contains(text, words) {
				kinds[dir] = kind
			}
		}
		return nil
	})
	return kinds, err
}
