package youtube

import (
	"errors"

	"lookback/importer"
	"lookback/importer/identity"
	"lookback/importer/jsonstream"
	"lookback/store"
)

// A review is one place that the owner wrote about on Google Maps, whose
// reviews everybody can read. They lie beside YouTube's folder in the same
// Takeout.
type review struct {
	text, date, url, place string
}

func parseReview(d *jsonstream.Decoder, v *review) error {
	var member func(name []byte) error
	member = func(name []byte) error {
		switch string(name) {
		case "properties", "location", "Location":
			return jsonstream.Object(d, member)
		case "review_text_published", "Review Comment":
			return jsonstream.Text(d, &v.text)
		case "date", "Published":
			return jsonstream.Text(d, &v.date)
		case "google_maps_url", "Google Maps URL":
			return jsonstream.Text(d, &v.url)
		case "name", "Business Name":
			return jsonstream.Text(d, &v.place)
		}
		return jsonstream.Skip(d)
	}
	return jsonstream.Object(d, member)
}

func (r *run) readReviews() error {
	for _, m := range r.takeout.reviews {
		f, err := r.fsys.Open(m.Path)
		if err != nil {
			return importer.Lost(r.Out, m.Path, err)
		}
		r.keys.File()
		_, err = jsonstream.Decode(f, jsonstream.Options{Path: []string{"features"}}, parseReview, func(number int, v *review, err error) error {
			if err != nil {
				return r.Out.Skip(store.Skip{Member: m.Path, Record: number, Reason: "is not valid JSON"})
			}
			return r.review(v)
		})
		f.Close()
		var bad *jsonstream.RecordError
		if errors.As(err, &bad) {
			err = r.Out.Skip(store.Skip{Member: m.Path, Record: bad.Record, Reason: bad.Err.Error()})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *run) review(v *review) error {
	if v.text == "" {
		return nil // stars only
	}
	p := store.Post{Kind: store.KindPost, Own: true, Text: v.text, URL: v.url, Place: v.place, Audience: store.AudiencePublic}
	p.Created, p.Precision = parseTime(v.date)
	var again bool
	if p.Key, again = r.keys.Key(scopeReview, identity.Time(p.Created), v.place, v.text); again {
		return nil
	}
	return r.Out.Post(p)
}
