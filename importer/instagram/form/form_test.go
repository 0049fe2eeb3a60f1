package form_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"lookback/importer/importertest"
	"lookback/importer/instagram/form"
	"lookback/importer/meta"
	"lookback/store"

	"github.com/google/go-cmp/cmp"
)

// records reads a list of JSON.
func records(t *testing.T, data string) []form.Record {
	t.Helper()
	rec := &importertest.Recorder{}
	r := meta.NewReader(t.Context(), fstest.MapFS{"a.json": {Data: []byte(data)}}, rec)
	var all []form.Record
	err := meta.Each(r, meta.File{Path: "a.json"}, form.Parse, func(_ int, v *form.Record) error { all = append(all, *v); return nil })
	if err != nil || len(rec.Skips) > 0 {
		t.Fatalf("%v %v", err, rec.Skips)
	}
	return all
}

// boxes reads a page.
func boxes(t *testing.T, inner string) []*meta.Node {
	t.Helper()
	rec := &importertest.Recorder{}
	page := `<html><head><title>T</title></head><body><main role="main">` + inner + `</main></body></html>`
	r := meta.NewReader(t.Context(), fstest.MapFS{"a.html": {Data: []byte(page)}}, rec)
	var all []*meta.Node
	err := r.Page(meta.File{Path: "a.html"}, meta.Options{}, func(_ int, n *meta.Node, _ *meta.Frame) error { all = append(all, n); return nil })
	if err != nil || len(rec.Skips) > 0 {
		t.Fatalf("%v %v", err, rec.Skips)
	}
	return all
}

func TestCaption(t *testing.T) {
	for name, tt := range map[string]struct{ data, want string }{
		"one medium":      {`{"media":[{"uri":"a.jpg","title":"one"}]}`, "one"},
		"outer":           {`{"media":[{"uri":"a.jpg","title":""},{"uri":"b.jpg","title":""}],"title":"out"}`, "out"},
		"both":            {`{"media":[{"uri":"a.jpg","title":"in"},{"uri":"b.jpg","title":"out"}],"title":"out"}`, "out|in"},
		"several inner":   {`{"media":[{"uri":"a.jpg","title":"x"},{"uri":"b.jpg","title":"y"}]}`, "x|y"},
		"the same inner":  {`{"media":[{"uri":"a.jpg","title":"x"},{"uri":"b.jpg","title":" x "}]}`, "x"},
		"lone medium":     {`{"media":{"uri":"a.jpg","title":"x"}}`, "x"},
		"story":           {`{"uri":"a.jpg","creation_timestamp":1,"title":"s"}`, "s"},
		"labels":          {`{"label_values":[{"label":"Caption","value":"c"},{"label":"Media","media":[{"uri":"a.jpg","description":"d"}]}]}`, "c|d"},
		"mojibake":        {`{"media":[{"uri":"a.jpg","title":"\u00f0\u009f\u008e\u0089"}]}`, "🎉"},
		"right already":   {`{"media":[{"uri":"a.jpg","title":"café 🎉"}]}`, "café 🎉"},
		"escaped, twice?": {`{"media":[{"uri":"a.jpg","title":"\\u00c3"}]}`, `\u00c3`},
		"2019":            {`{"caption":"old","taken_at":"2019-01-01T00:00:00","path":"photos/a.jpg"}`, "old"},
		"nothing":         {`{"media":[]}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, media := records(t, "["+tt.data+"]")[0].Caption()
			for _, m := range media {
				if m.Description != "" {
					got += "|" + m.Description
				}
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestComment(t *testing.T) {
	entry := func(fields string) string { return `{"string_map_data":{` + fields + `}}` }
	const at = `{"timestamp":1600000000}`
	for name, tt := range map[string]struct{ data, want string }{
		"English":             {entry(`"Comment":{"value":"nice"},"Media Owner":{"value":"bo.sample"},"Time":` + at), "bo.sample: nice"},
		"Dutch":               {entry(`"Opmerking":{"value":"mooi"},"Media-eigenaar":{"value":"bo.sample"},"Tijd":` + at), "bo.sample: mooi"},
		"Vietnamese":          {entry(`"B\u00c3\u00acnh lu\u00e1\u00ba\u00adn":{"value":"qua"},"X":{"value":"bo"},"Y":` + at), "bo: qua"},
		"unknown":             {entry(`"A":{"value":"two words"},"B":{"value":"bo"},"C":` + at), "bo: two words"},
		"unknown, short":      {entry(`"A":{"value":"ok"},"B":{"value":"a_very_long_user_name"},"C":` + at), "a_very_long_user_name: ok"},
		"unknown, time first": {entry(`"C":` + at + `,"A":{"value":"ok"},"B":{"value":"bo"}`), "bo: ok"},
		"unknown, one value":  {entry(`"A":{"value":"lovely"},"C":` + at), ": lovely"},
		"unknown, no owner":   {entry(`"A":{"value":"lovely day"},"B":{"value":""},"C":` + at), ": lovely day"},
		"no text":             {entry(`"Comment":{"value":""},"Media Owner":{"value":"bo"},"Time":` + at), "bo: "},
		"link as text":        {entry(`"Comment":{"value":"https://example.org/a"},"Media Owner":{"value":"bo"},"Time":` + at), "bo: https://example.org/a"},
		"unknown, a link":     {entry(`"A":{"value":"https://example.org/a"},"B":{"value":"bo"},"C":` + at), "bo: https://example.org/a"},
		"2021":                {`{"title":"bo","string_list_data":[{"href":"","value":"nice","timestamp":1600000000}]}`, "bo: nice"},
		"generic":             {`{"timestamp":1600000000,"label_values":[{"label":"Comment","value":"nice"},{"title":"Owner","dict":[{"title":"","dict":[{"label":"URL","value":"https://x"},{"label":"Username","value":"@bo"}]}]}]}`, "bo: nice"},
	} {
		t.Run(name, func(t *testing.T) {
			rec := records(t, "["+tt.data+"]")[0]
			text, owner := rec.Comment()
			if got := owner + ": " + text; got != tt.want || rec.When.Unix() != 1600000000 {
				t.Errorf("got %q at %v, want %q", got, rec.When, tt.want)
			}
		})
	}
}

func TestPagePosts(t *testing.T) {
	const picture = `<div><a href="m/1.jpg"><img src="media/posts/1.jpg"></a></div>`
	const table = `<div><table><tr><td>Device ID<div><div>android-1 or so</div></div></td></tr></table></div>`
	const date = `<div class="_a6-o">Oct 19, 2025 6:11 pm</div>`
	for name, tt := range map[string]struct{ data, want string }{
		"caption":            {`<div><h2>A caption` + "\n" + `of two lines</h2><div>` + picture + table + `</div>` + date + `</div>`, "A caption\nof two lines 1"},
		"section":            {`<section><h2>A &#064;name</h2><div>` + picture + `</div><footer>Oct 19, 2025 6:11 pm</footer></section>`, "A @name 1"},
		"no caption":         {`<div><div>` + picture + table + `</div>` + date + `</div>`, " 1"},
		"a date as caption":  {`<div><h2>Oct 19, 2025 6:11 pm</h2><div>` + picture + `</div>` + date + `</div>`, "Oct 19, 2025 6:11 pm 1"},
		"words only":         {`<div><h2>just words</h2><div>` + table + `</div>` + date + `</div>`, "just words 0"},
		"words in the body":  {`<div><div><div><div>just words</div></div>` + table + `</div>` + date + `</div>`, "just words 0"},
		"heading of 2022":    {`<div><div class="_a6-h">just words</div><div>` + picture + `</div>` + date + `</div>`, "just words 1"},
		"video":              {`<div><h2>w</h2><div><div>` + picture + `<div>Click for video:</div><video src="m/2.mp4">cannot</video></div></div>` + date + `</div>`, "w 2"},
		"caption of an item": {`<div><h2>w</h2><div><div>` + picture + `<div>the second</div></div></div>` + date + `</div>`, "w 1 the second"},
		"nothing but a date": {`<div>` + date + `</div>`, " 0"},
		"picture as text":    {`<div><h2>w</h2><div><img src="data:image/png;base64,AAAA">` + picture + `</div>` + date + `</div>`, "w 1"},
		"inside one more":    {`<div><div><h2>w</h2><div>` + picture + `</div>` + date + `</div></div>`, "w 1"},
	} {
		t.Run(name, func(t *testing.T) {
			all := boxes(t, tt.data)
			if len(all) != 1 {
				t.Fatalf("%d boxes", len(all))
			}
			rec := form.PostOf(all[0], form.PageZone)
			text, media := rec.Caption()
			got := fmt.Sprintf("%s %d", text, len(media))
			for _, m := range media {
				if m.Description != "" {
					got += " " + m.Description
				}
			}
			want := time.Date(2025, 10, 20, 2, 11, 0, 0, time.UTC)
			if got != tt.want || !rec.When.Equal(want) || rec.Precision != store.PrecisionZone {
				t.Errorf("got %q at %v (%s)", got, rec.When, rec.Precision)
			}
		})
	}
}

func TestPageEntries(t *testing.T) {
	row := func(k, v string) string {
		return `<tr><td colspan="2">` + k + `<div><div>` + v + `</div></div></td></tr>`
	}
	const time = `<tr><td>Zzz</td><td>Oct 19, 2025 6:11 pm</td></tr>`
	for name, tt := range map[string]struct{ data, want string }{
		"comment":             {`<div><div><table>` + row("Comment", "so nice") + row("Media Owner", "bo") + time + `</table></div></div>`, "bo: so nice"},
		"unknown language":    {`<div><div><table>` + row("Aaa", "so nice") + row("Bbb", "bo") + time + `</table></div></div>`, "bo: so nice"},
		"unknown date":        {`<div><div><table>` + row("Aaa", "so nice") + row("Bbb", "bo") + `<tr><td>Zzz</td><td>Qqqq 19, 2025 6:11 pm</td></tr></table></div></div>`, "bo: so nice undated"},
		"value and date":      {`<div><h2>bo</h2><div><div><div>so nice</div><div>Oct 19, 2025 6:11 pm</div></div></div></div>`, "bo: so nice"},
		"a footer":            {`<div><h2>bo</h2><div><div>so nice</div></div><div>Oct 19, 2025 6:11 pm</div></div>`, "bo: so nice"},
		"unknown, no table":   {`<div><h2>bo</h2><div><div>so nice</div><div>Qqqq 19, 2025 6:11 pm</div></div></div>`, "bo: so nice undated"},
		"no heading":          {`<div><div>so nice</div><div>Oct 19, 2025 6:11 pm</div></div>`, ": so nice"},
		"several at one name": {`<div><h2>bo</h2><div><div><div>so nice</div><div>Oct 18, 2025 6:11 pm</div><div>again</div><div>Oct 19, 2025 6:11 pm</div></div></div></div>`, "bo: so nice"},
	} {
		t.Run(name, func(t *testing.T) {
			all := boxes(t, tt.data)
			rec := form.EntryOf(all[0], form.PageZone)
			text, owner := rec.Comment()
			got := owner + ": " + text
			if rec.Undated {
				got += " undated"
			}
			if len(all) != 1 || got != tt.want || rec.When.IsZero() != rec.Undated {
				t.Errorf("got %q at %v from %d", got, rec.When, len(all))
			}
		})
	}
}

func TestValues(t *testing.T) {
	var got []string
	for _, rec := range records(t, `[{"title":"bo","string_list_data":[{"value":"a","timestamp":1600000000},{"value":"b","timestamp":1600000060}]},
	 {"timestamp":1600000120,"label_values":[{"label":"Question","value":"what"},{"label":"Option","value":"c"}]}]`) {
		for _, v := range rec.Values(form.PageZone) {
			got = append(got, fmt.Sprintf("%s %d", v.Text, v.When.Unix()))
		}
	}
	for _, n := range boxes(t, `<div><h2>bo</h2><div><div><div>d</div><div>Oct 18, 2025 6:11 pm</div><div>e</div><div>Oct 19, 2025 6:11 pm</div></div></div></div>`) {
		for _, v := range form.EntryOf(n, form.PageZone).Values(form.PageZone) {
			got = append(got, v.Text+" "+v.When.Format(time.DateTime))
		}
	}
	want := []string{"a 1600000000", "b 1600000060", "c 1600000120", "d 2025-10-19 02:11:00", "e 2025-10-20 02:11:00"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMessages(t *testing.T) {
	const date = `<div>Oct 19, 2025 6:11 pm</div>`
	for name, tt := range map[string]struct{ data, want string }{
		"four blocks": {`<div><h2>Bo</h2><div><div><div></div><div>see you</div><div></div><div></div></div></div>` + date + `</div>`, "Bo: see you"},
		"a share":     {`<div><h2>Bo</h2><div><div><div></div><div>look</div><div><div>others' words</div><div><a href="https://example.org/a">x</a></div></div><div></div></div></div>` + date + `</div>`, "Bo: look https://example.org/a"},
		"only a share": {`<div><h2>Bo</h2><div><div><div></div><div></div><div><div>others' words</div><div><a href="https://example.org/a">x</a></div></div><div></div></div></div>` + date + `</div>`,
			"Bo:  https://example.org/a"},
		"reactions": {`<div><h2>Bo</h2><div><div><div></div><div>see you</div><div></div><div></div></div><ul><li>❤Ana</li></ul></div>` + date + `</div>`, "Bo: see you"},
		"other":     {`<div><h2>Bo</h2><div>see you</div>` + date + `</div>`, "Bo: see you"},
		"nobody":    {`<div><div>Participants: Bo and Ana</div></div>`, "undated"},
	} {
		t.Run(name, func(t *testing.T) {
			all := boxes(t, tt.data)
			m := form.MessageOf(all[0], form.PageZone)
			got := m.Sender + ": " + m.Text
			if m.Link != "" {
				got += " " + m.Link
			}
			if !m.Dated {
				got = "undated"
			}
			if got != tt.want {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestMade(t *testing.T) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	want := time.Date(2025, 3, 14, 17, 2, 11, 0, time.UTC)
	n := uint64(want.UnixMilli()-1314220021721)<<23 | 12345
	code := ""
	for ; n > 0; n >>= 6 {
		code = string(alphabet[n&63]) + code
	}
	for _, url := range []string{"https://www.instagram.com/p/" + code + "/", "https://www.instagram.com/reel/" + code + "/?x=1", "https://www.instagram.com/p/" + code + "AbCdEfGhIjKlMnOpQrStUvWxYzA/"} {
		if got, ok := form.Made(url); !ok || got.Sub(want).Abs() > time.Second {
			t.Errorf("%s: %v %v", url, got, ok)
		}
	}
	for _, url := range []string{"", "https://www.instagram.com/bo/", "https://example.org/p/abc/"} {
		if got, ok := form.Made(url); ok {
			t.Errorf("%s: %v", url, got)
		}
	}
}

func TestDelays(t *testing.T) {
	likes := func(first time.Duration, counts ...int) (d form.Delays) {
		for h, n := range counts {
			for i := range n {
				d.Add(first + time.Duration(h)*time.Hour + time.Duration(i%50)*time.Minute)
			}
		}
		return d
	}
	for name, tt := range map[string]struct {
		d      form.Delays
		offset time.Duration
		ok     bool
	}{
		"west":          {likes(-8*time.Hour, 40, 20, 10, 5, 5), -8 * time.Hour, true},
		"east":          {likes(9*time.Hour, 40, 20, 10, 5, 5), 9 * time.Hour, true},
		"too few":       {likes(0, 20, 10), 0, false},
		"a slow reader": {likes(-8*time.Hour, 3, 40, 20), -8 * time.Hour, false},
		"none":          {form.Delays{}, 0, false},
	} {
		if offset, ok := tt.d.Zone(); ok != tt.ok || ok && offset != tt.offset {
			t.Errorf("%s: %v %v", name, offset, ok)
		}
	}
}

func TestISO(t *testing.T) {
	for in, want := range map[string]string{
		"2019-04-03T19:34:05":              "2019-04-03T19:34:05Z",
		"2019-04-03T19:34:05+00:00":        "2019-04-03T19:34:05Z",
		"2019-04-03T19:34:05.000001+02:00": "2019-04-03T17:34:05.000001Z",
		"2019-04-03 19:34":                 "2019-04-03T19:34:00Z",
		"0001-04-03T19:34:05":              "",
		"yesterday":                        "",
	} {
		got := ""
		if at, p := form.ISO(in); p == store.PrecisionSecond {
			got = at.Format(time.RFC3339Nano)
		}
		if got != want {
			t.Errorf("%q: got %q", in, got)
		}
	}
}

func TestMember(t *testing.T) {
	for in, want := range map[string]string{
		"media/posts/1.jpg": "r/media/posts/1.jpg", "../../media/1.jpg": "r/media/1.jpg", "/etc/passwd": "r/etc/passwd", `..\..\media\1.jpg`: "r/media/1.jpg",
	} {
		if got := form.Member(in, "r/"); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestProfile(t *testing.T) {
	for name, tt := range map[string]struct {
		labels []meta.Label
		want   form.Profile
	}{
		"English": {[]meta.Label{{Name: "Email", Value: "a b c d"}, {Name: "Username", Value: "@bo"}, {Name: "Name", Value: "Bo"}, {Name: "Bio", Value: "a nurse"}}, form.Profile{User: "bo", Name: "Bo", Bio: "a nurse"}},
		"unknown": {[]meta.Label{{Name: "Qqq", Value: "a nurse of sorts"}, {Name: "Www", Value: "Mai 19, 2001 1:00 pm x"}}, form.Profile{Bio: "a nurse of sorts"}},
		"none":    {nil, form.Profile{}},
	} {
		var p form.Profile
		p.Take(tt.labels)
		if diff := cmp.Diff(tt.want, p); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func FuzzBoxes(f *testing.F) {
	f.Add(`<div><h2>A</h2><div><img src="m/1.jpg"><table><tr><td>B<div>C</div></td></tr></table></div><div>Oct 19, 2025 6:11 pm</div></div>`)
	f.Add(`<div><h2>bo</h2><div><div><div></div><div>w</div><div></div><div></div></div></div><div>Oct 19, 2025 6:11 pm</div></div>`)
	f.Add(`<div><div><table><tr><td>A</td><td>Oct 19, 2025 6:11 pm</td></tr></table></div></div>`)
	f.Fuzz(func(t *testing.T, inner string) {
		page := `<html><body><main role="main">` + inner + `</main></body></html>`
		r := meta.NewReader(t.Context(), fstest.MapFS{"a.html": {Data: []byte(page)}}, &importertest.Recorder{})
		err := r.Page(meta.File{Path: "a.html"}, meta.Options{}, func(_ int, n *meta.Node, _ *meta.Frame) error {
			form.PostOf(n, form.PageZone).Caption()
			rec := form.EntryOf(n, form.PageZone)
			rec.Comment()
			for _, v := range rec.Values(form.PageZone) {
				if y := v.When.Year(); !v.When.IsZero() && (y < 1990 || y > 2100) {
					t.Error(v.When)
				}
			}
			form.MessageOf(n, form.PageZone)
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func FuzzRecords(f *testing.F) {
	f.Add(`[{"media":[{"uri":"a","title":"b","text_app_post":{"is_reply":true}}],"title":"c"}]`)
	f.Add(`{"x":[{"string_map_data":{"a":{"value":"b"},"c":{"timestamp":1}}},{"title":"a","string_list_data":[{"value":"b","timestamp":2}]}]}`)
	f.Fuzz(func(t *testing.T, data string) {
		r := meta.NewReader(t.Context(), fstest.MapFS{"a.json": {Data: []byte(data)}}, &importertest.Recorder{})
		err := meta.Each(r, meta.File{Path: "a.json"}, form.Parse, func(_ int, rec *form.Record) error {
			rec.Caption()
			rec.Comment()
			rec.Values(form.PageZone)
			if strings.Contains(form.Code(meta.Address(rec.Labels)), "\n") {
				t.Error("a code has a line end")
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
