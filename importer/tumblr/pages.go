package tumblr

import (
	"errors"
	"io"
	"time"

	"lookback/importer/jsonstream"
	"lookback/store"
)

const maxPage = 8 << 20

// readPages reads the pages of the posts that posts.xml did not give.
func (r *run) readPages() error {
	for i, m := range r.export.pages {
		if i%64 == 0 && r.ctx.Err() != nil {
			return r.ctx.Err()
		}
		if !r.seen.Add(m.id) {
			continue
		}
		if err := r.page(m); err != nil {
			return err
		}
	}
	return nil
}

// page reads one page. It says neither the kind of the post nor who could
// see it.
func (r *run) page(m member) error {
	src, err := readPage(m)
	if err != nil {
		return r.Fail("", m.shown, err)
	}
	p := parsePage(src)
	if !p.whole {
		if err := r.skip(m, 0, errCut); err != nil {
			return err
		}
	}
	d := draft{id: m.id, tags: p.tags}
	d.base.Created, d.base.Precision = p.when()
	if d.base.Precision == store.PrecisionZone {
		r.zones++
	}
	if r.account.Handle != "" {
		d.base.URL = "https://" + r.account.Handle + ".tumblr.com/post/" + m.id
	}
	return r.spread(d, p.body)
}

func readPage(m member) ([]byte, error) {
	f, err := m.fsys.Open(m.Path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, _, err := jsonstream.NewUTF8Reader(f)
	if err != nil {
		return nil, errors.New("cannot be read")
	}
	src, err := io.ReadAll(io.LimitReader(text, maxPage+1))
	switch {
	case err != nil:
		return nil, errors.New("cannot be read")
	case len(src) > maxPage:
		return nil, errTooLarge
	}
	return src, nil
}

// when reads "December 2nd, 2014 2:30pm".
func (p *page) when() (time.Time, store.Precision) {
	stamp := ordinalRE.ReplaceAllString(p.stamp, "$1")
	for _, form := range []string{"January 2, 2006 3:04pm", "January 2, 2006 3:04 PM", "January 2, 2006 15:04", "2006-01-02 15:04:05"} {
		if t, err := time.Parse(form, stamp); err == nil && sound(t) {
			return t.UTC(), store.PrecisionZone
		}
	}
	if t, err := time.Parse("January 2, 2006", stamp); err == nil && sound(t) {
		return t.UTC(), store.PrecisionDay
	}
	return time.Time{}, store.PrecisionNone
}
