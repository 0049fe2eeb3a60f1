package whatsapp

import (
	"strings"
	"testing"
	"testing/fstest"

	"lookback/importer"
	"lookback/importer/importertest"
)

// TestHeaders reads one line in every known form.
func TestHeaders(t *testing.T) {
	for line, want := range map[string]string{
		"[29.01.18, 12:24:03] A: hi":                                "2018-01-29 12:24:03 A|hi",
		"\ufeff\u200e[29.01.18, 12:24:03] A: hi":                    "2018-01-29 12:24:03 A|hi",
		"29.01.18, 12:24 - A: hi":                                   "2018-01-29 12:24:00 A|hi",
		"29.01.18, 12:24 – A: hi":                                   "2018-01-29 12:24:00 A|hi",
		"2023-12-20, 5:46 p.m. - A: hi":                             "2023-12-20 17:46:00 A|hi",
		"2023/12/20, 5:46 pm - A: hi":                               "2023-12-20 17:46:00 A|hi",
		"[2020.04.01, 12:00:04] A: hi":                              "2020-04-01 12:00:04 A|hi",
		"1.2.2024 klo 9.05 - A: hi":                                 "2024-02-01 09:05:00 A|hi",
		"28/3/2025, 9:29 p.\u00a0m. - A: hi":                        "2025-03-28 21:29:00 A|hi",
		"30/08/25 18.00 - A: hi":                                    "2025-08-30 18:00:00 A|hi",
		"09/12/2012 17:03:48: A: hi":                                "2012-12-09 17:03:48 A|hi",
		"24/3/14, 1:59:59 PM: A: hi":                                "2014-03-24 13:59:59 A|hi",
		"2024. 3. 1. 오후 3:04, A : hi":                               "2024-03-01 15:04:00 A|hi",
		"2024년 3월 1일 오후 3:04, A : hi":                               "2024-03-01 15:04:00 A|hi",
		"2024年3月1日 上午12:04 - A: hi":                                 "2024-03-01 00:04:00 A|hi",
		"[2024/3/1 下午3:04:05] A: hi":                                "2024-03-01 15:04:05 A|hi",
		"٢٨/٣/٢٠٢٥، ٩:٢٩ م - A: hi":                                 "2025-03-28 21:29:00 A|hi",
		"۱۴۰۳/۱/۱،\u200f ۹:۲۹ - A: hi":                              "2024-03-20 09:29:00 A|hi",
		"28/3/2568 09:29 - A: hi":                                   "2025-03-28 09:29:00 A|hi",
		"2023-12-20, 17 h 46 - A: hi":                               "2023-12-20 17:46:00 A|hi",
		"13/1/24 at 9:05\u202fam - A: hi":                           "2024-01-13 09:05:00 A|hi",
		"13/1/24, 9:05\u2009AM - A: hi":                             "2024-01-13 09:05:00 A|hi",
		"[13/1/24, 9:05:11 AM] ~\u00a0Push: hi: you":                "2024-01-13 09:05:11 Push|hi: you",
		"13/1/24, 9:05 - \u202a+44\u00a07700\u00a0900000\u202c: hi": "2024-01-13 09:05:00 +44 7700 900000|hi",
		"13/1/24, 9:05 - A added B":                                 "2024-01-13 09:05:00 |",
		"13/1/24, 9:05 - See https://example.org/x":                 "2024-01-13 09:05:00 |",
		"we meet at 9:05 - bring cake":                              "",
		"12/13 is a fraction":                                       "",
		"1/2/3/4, 10:00 - A: hi":                                    "",
		"2024-03-01":                                                "",
		"":                                                          "",
		"[":                                                         "",
		"[1/1/24, 10:":                                              "",
	} {
		h, ok := parseHeader(line)
		got := ""
		if ok {
			got = dayFirst.time(h).Format("2006-01-02 15:04:05 ") + h.author + "|" + h.text
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", line, got, want)
		}
	}
}

func TestOrder(t *testing.T) {
	for _, tt := range []struct {
		name   string
		dates  string
		want   order
		unsure bool
	}{
		{"day over 12", "13/1/24 14/1/24", dayFirst, false},
		{"month over 12", "1/13/24 1/14/24", monthFirst, false},
		{"the day falls when the month ends", "11/1/24 12/1/24 1/2/24 2/2/24", dayFirst, false},
		{"the same, month first", "1/11/24 1/12/24 2/1/24 2/2/24", monthFirst, false},
		{"dots", "1.2.24", dayFirst, false},
		{"one date with slashes", "1/2/24", dayFirst, true},
		{"year first", "2024-01-02 2024-02-01", yearFirst, false},
	} {
		var o orderer
		for d := range strings.FieldsSeq(tt.dates) {
			h, ok := parseHeader(d + ", 10:00 - A: hi")
			if !ok {
				t.Fatalf("%s is no date", d)
			}
			o.add(h)
		}
		if got, unsure := o.decide(); got != tt.want || unsure != tt.unsure {
			t.Errorf("%s: got %v, unsure %v", tt.name, got, unsure)
		}
	}
}

func TestClean(t *testing.T) {
	for _, tt := range []struct{ in, words, media string }{
		{"plain", "plain", ""},
		{"a < b and b > c", "a < b and b > c", ""},
		{"\u200eimage omitted", "", ""},
		{"image omitted", "", ""},
		{"my image omitted a lot", "my image omitted a lot", ""},
		{"\u200e<attached: 1-PHOTO.jpg>", "", "1-PHOTO.jpg"},
		{"\u200e<Anhang: 1-PHOTO.jpg>", "", "1-PHOTO.jpg"},
		{"look \u200e<attached: 1-PHOTO.jpg>", "look", "1-PHOTO.jpg"},
		{"IMG-20240301-WA0001.jpg (file attached)\ncaption", "caption", "IMG-20240301-WA0001.jpg"},
		{"notes.pdf (archivo adjunto)", "", "notes.pdf"},
		{"notes.pdf (page two)", "notes.pdf (page two)", ""},
		{"yes <This message was edited>", "yes", ""},
		{"sí \u200e<Se editó este mensaje.>", "sí", ""},
		{"This message was deleted.", "", ""},
		{"\u200e\u2068Bo\u2069 knows", "Bo knows", ""},
		{"\u200eENCUESTA:\n¿Cuándo?\n\u200eOPCIÓN: hoy (1 voto)", "¿Cuándo?\n- hoy", ""},
		{"*bold* ~gone~", "*bold* ~gone~", ""},
	} {
		words, media := clean(tt.in)
		if words != tt.words || media != tt.media {
			t.Errorf("%q: got %q and %q", tt.in, words, media)
		}
	}
}

// TestFormsAgree reads one chat as two kinds of phone export it.
func TestFormsAgree(t *testing.T) {
	read := func(name, text string) []string {
		rec, _, err := importertest.ReadFiles(t.Context(), New(), importer.Options{Messages: true, Me: "Ana"}, importertest.Text(name, text))
		if err != nil {
			t.Fatal(err)
		}
		return rec.Keys()
	}
	ios := read("_chat.txt", "[13/01/2024, 10:12:01] Bo: x\n[13/01/2024, 10:12:07] Ana: ok\n[13/01/2024, 10:12:59] Ana: ok\n")
	android := read("WhatsApp Chat with Bo.txt", "1/13/24, 10:12 AM - Bo: x\n1/13/24, 10:12 AM - Ana: ok\n1/13/24, 10:12 AM - Ana: ok\n")
	if len(ios) != 2 || strings.Join(ios, " ") != strings.Join(android, " ") {
		t.Errorf("%v and %v", ios, android)
	}
}

func FuzzImport(f *testing.F) {
	f.Add([]byte("[29.01.18, 12:24:03] Ana: hi\nthere\n\u200e[29.01.18, 12:24:03] Ana: \u200e<attached: x.jpg>"))
	f.Add([]byte("2024. 3. 1. 오후 3:04, Ana : hi"))
	f.Add([]byte("1/9/18, 12:04\u202fAM - Ana: \u200ePOLL:\nx\n\u200eOPTION: y (1 vote)"))
	f.Add([]byte("٢٨/٣/٢٠٢٥، ٩:٢٩ م - Ana: hi"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rec := &importertest.Recorder{}
		fsys := fstest.MapFS{"_chat.txt": {Data: data}}
		if m, err := New().Recognize(fsys); err != nil || m.Sure == 0 {
			return
		}
		if err := New().Import(t.Context(), fsys, importer.Options{Messages: true, Me: "Ana"}, rec); err != nil {
			t.Fatal(err)
		}
		if err := rec.Sound(false); err != nil {
			t.Fatal(err)
		}
	})
}
