package scanner

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"lookback/store"
)

// condPack makes a pack with one rule of the given condition and further keys.
func condPack(when string, more ...string) string {
	return `
pack: test
concepts:
  fruit: {words: [apple~, pear~], except: [apple pie]}
  knife: {words: [knife, knives]}
  who: {words: [nan, patient], setting: true}
  slur: {words: [frob], masked: true}
  counter-speech: {words: [is wrong]}
  professional: {words: [student nurse, my patients]}
rules:
  - id: a.x.one
    theme: a.x
    action: remove
    confidence: 0.8
    when: ` + when + "\n    " + strings.Join(more, "\n    ") + `
    examples: {match: [one, two], not: [three, four]}
`
}

func TestConditions(t *testing.T) {
	tests := []struct {
		name, when string
		match, not []string
	}{
		{"one", "fruit", []string{"an apple", "APPLES!"}, []string{"apple pie", "nothing", ""}},
		{"any", "{any: [fruit, knife]}", []string{"knife", "pear"}, []string{"nan"}},
		{"all in the post", "[fruit, knife]", []string{"An apple. A knife."}, []string{"apple"}},
		{"sentence", "{sentence: [fruit, knife]}", []string{"apple and knife", "No. The knife, the pear"}, []string{"An apple. A knife.", "apple\nknife"}},
		{"window", "{window: {sentences: 2, of: [fruit, knife]}}", []string{"An apple. A knife. Ha."}, []string{"An apple. Ha. A knife."}},
		{"not in the sentence", "{sentence: [fruit, {not: [knife]}]}", []string{"An apple. A knife."}, []string{"an apple and a knife"}},
		{"post in a sentence", "{sentence: [fruit, {post: [knife]}]}", []string{"An apple. A knife."}, []string{"An apple."}},
		{"near", "{near: {within: 2, of: [fruit, knife]}}", []string{"apple on a knife", "knife and apple"}, []string{"apple lies by the knife", "apple"}},
		{"near in order", "{near: {within: 2, of: [fruit, knife], ordered: true}}", []string{"apple on a knife"}, []string{"knife and apple"}},
		{"near, three", "{near: {within: 1, of: [who, fruit, knife]}}", []string{"nan apple knife", "apple, nan, knife"}, []string{"nan apple"}},
		{"near, choice", "{near: {within: 1, of: [{any: [who, knife]}, {words: [red, blue]}]}}", []string{"red knife", "nan is blue"}, []string{"red apple"}},
		{"not near", "{not-near: {within: 2, of: [fruit, knife]}}", []string{"apple", "apple one two three knife"}, []string{"apple knife"}},
		{"some", "{some: {min: 2, of: [fruit, knife, who]}}", []string{"apple for nan"}, []string{"apple, pear"}},
		{"words", "{words: [lemon], except: [lemon tree]}", []string{"a lemon"}, []string{"a lemon tree"}},
		{"first", "{any: [fruit], first: true}", []string{"Two red apples there"}, []string{"I have got two apples"}},
		{"by me", "{any: [fruit], by: me}", []string{"I ate an apple", "Ate an apple"}, []string{"she ate an apple", "you ate an apple"}},
		{"by others", "{any: [fruit], by: other}", []string{"she ate an apple"}, []string{"I ate an apple"}},
		{"negated only", "{any: [fruit], negated: only}", []string{"no way an apple helps", "never eat apples"}, []string{"eat apples"}},
		{"builtin", "is.question", []string{"Really? Yes."}, []string{"Really."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := testEngine(t, condPack(tt.when))
			for _, s := range tt.match {
				if len(e.Scan(post(s), nil)) != 1 {
					t.Errorf("does not match %q", s)
				}
			}
			for _, s := range tt.not {
				if len(e.Scan(post(s), nil)) != 0 {
					t.Errorf("matches %q", s)
				}
			}
		})
	}
}

// TestLight checks what negation, quotation, supposition and questions do.
func TestLight(t *testing.T) {
	const ok, review, none = "a.x.one remove", "a.x.one review", ""
	tests := []struct{ name, more, text, want string }{
		{"plain", "", "I ate an apple", ok},
		{"negated", "", "I did not eat an apple", none},
		{"negated, Scots", "", "I wasnae near an apple", none},
		{"negation ends at a comma", "", "Not now, apple", ok},
		{"negation ends at but", "", "Not hungry but apples are fine", ok},
		{"no real negation", "", "not only apples", ok},
		{"can't wait", "", "can't wait for apples", ok},
		{"kept", "negated: keep", "no apple", ok},
		{"lowered", "negated: lower", "no apple", review},
		{"quoted", "", `She said "eat more apples now" to us`, review},
		{"curly quotes", "", `She said “eat more apples now” to us`, review},
		{"single quotes", "", `She said 'eat more apples, don't wait' to us`, review},
		{"apostrophes", "", `the lads' rock 'n' roll apples`, ok},
		{"quoted line", "", "> eat more apples now\nhm", review},
		{"mark never closed", "", "5 foot 10\" tall\neat \"more apples", ok},
		{"scare quotes", "", `an "apple" indeed`, ok},
		{"quoted and dropped", "quoted: drop", `She said "eat more apples now"`, none},
		{"quoted and kept", "quoted: keep", `She said "eat more apples now"`, ok},
		{"quoted and condemned", "", `"eat more apples now" is wrong`, none},
		{"if", "hypothetical: lower", "if I had apples", review},
		{"if, dropped", "hypothetical: drop", "if I had apples", none},
		{"question", "question: lower", "apples?", review},
		{"question, dropped", "question: drop", "Apples? No.", none},
		{"unless", "unless: [knife]", "apple. And a knife", none},
		{"lower", "lower: [knife]", "apple and a knife", review},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := testEngine(t, condPack("fruit", tt.more))
			if got := rulesOf(e, post(tt.text), nil); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	e := testEngine(t, condPack("[fruit, who]"))
	if got := rulesOf(e, post("Nan said nothing. Not a patient. An apple"), nil); got != ok {
		t.Error("a negated setting does not count")
	}
}

func TestApplies(t *testing.T) {
	tests := []struct {
		name, more string
		p          store.Post
		bio        string
		want       bool
	}{
		{"kind", "kinds: [dm]", store.Post{Kind: store.KindDM, Own: true}, "", true},
		{"other kind", "kinds: [dm]", store.Post{Kind: store.KindPost, Own: true}, "", false},
		{"not that kind", "not-kinds: [dm]", store.Post{Kind: store.KindDM, Own: true}, "", false},
		{"public", "audience: [public]", store.Post{Kind: store.KindPost, Own: true}, "", true},
		{"friends", "audience: [public]", store.Post{Kind: store.KindPost, Own: true, Audience: store.AudienceFriends}, "", false},
		{"own", "words-of: own", store.Post{Kind: store.KindLike}, "", false},
		{"others", "words-of: others", store.Post{Kind: store.KindLike}, "", true},
		{"professional by bio", "author: professional", store.Post{Kind: store.KindPost, Own: true}, "Student nurse, Hull", true},
		{"not known as professional", "author: professional", store.Post{Kind: store.KindPost, Own: true}, "Baker", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := testEngine(t, condPack("fruit", tt.more))
			tt.p.Text = "an apple"
			if got := len(e.Scan(&tt.p, e.Author(tt.bio))) > 0; got != tt.want {
				t.Errorf("got %v", got)
			}
		})
	}
	e := testEngine(t, condPack("fruit", "author: professional"))
	if rulesOf(e, post("my patients eat apples"), nil) == "" {
		t.Error("a post that says it itself does not count")
	}
}

func TestOthersWords(t *testing.T) {
	pack := strings.NewReplacer("a.x.one", "hate.slur.one", "a.x", "hate.slur").Replace(condPack("slur"))
	e := testEngine(t, pack)
	got := e.Scan(&store.Post{Kind: store.KindLike, Text: "frobs? no, frob"}, nil)
	if len(got) != 1 || got[0].Theme != "hate.endorse" || got[0].Why != "Liked it." || got[0].Rule != "hate.slur.one" {
		t.Errorf("got %+v", got)
	}
	if got := e.Scan(&store.Post{Kind: store.KindLike, Own: true, Text: "frob"}, nil); got[0].Theme != "hate.slur" {
		t.Errorf("own words became %s", got[0].Theme)
	}
}

func TestMerge(t *testing.T) {
	pack := condPack("fruit") + `
  - id: a.x.two
    theme: a.x
    action: review
    confidence: 0.9
    why: Two.
    when: knife
    examples: {match: [a, b], not: [c, d]}
  - id: a.y.three
    theme: a.y
    action: review
    confidence: 0.5
    when: knife
    examples: {match: [a, b], not: [c, d]}
  - id: a.y.weak
    theme: a.y
    action: remove
    confidence: 0.1
    when: who
    examples: {match: [a, b], not: [c, d]}
`
	e := testEngine(t, pack)
	p := post("The knife, the apple and a knife")
	p.ID = 7
	got := e.Scan(p, nil)
	want := []store.Finding{
		{PostID: 7, Rule: "a.x.one", Theme: "a.x", Standards: []string{"1", "2"}, Action: store.ActionRemove, Confidence: 0.924,
			Spans: []store.Span{{Start: 4, End: 9}, {Start: 15, End: 20}, {Start: 27, End: 32}}, Why: "Because of x.", Advice: "Do x.", Ruleset: e.Rules().Hash()},
		{PostID: 7, Rule: "a.y.three", Theme: "a.y", Standards: []string{"2"}, Action: store.ActionReview, Confidence: 0.5,
			Spans: []store.Span{{Start: 4, End: 9}, {Start: 27, End: 32}}, Why: "Because of y.", Advice: "Do y.", Ruleset: e.Rules().Hash()},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if got := e.Scan(post("nan"), nil); got != nil {
		t.Errorf("a weak rule alone is shown: %+v", got)
	}
}

func TestSpans(t *testing.T) {
	e := testEngine(t, condPack("[fruit, knife]", "spans: [fruit]"))
	text := "“Ünïcode” 🍎 the 𝐀𝐩𝐩𝐥𝐞 — knife"
	got := e.Scan(post(text), nil)
	if len(got) != 1 || len(got[0].Spans) != 1 || text[got[0].Spans[0].Start:got[0].Spans[0].End] != "𝐀𝐩𝐩𝐥𝐞" {
		t.Errorf("got %+v", got)
	}
}

// TestLongText checks that a long text is found in everywhere, with the right
// places, and takes time in proportion to its length.
func TestLongText(t *testing.T) {
	e := testEngine(t, condPack("{sentence: [fruit, knife]}"))
	var b strings.Builder
	var want []store.Span
	for b.Len() < 20*maxText {
		b.WriteString("Ünd not so. But if she? ")
		at := b.Len()
		b.WriteString("apple and knife")
		want = append(want, store.Span{Start: at, End: at + 5}, store.Span{Start: at + 10, End: at + 15})
		b.WriteString([]string{". ", ".\n\n", "! "}[len(want)/2%3])
	}
	got := e.Scan(post(b.String()), nil)
	if len(got) != 1 {
		t.Fatalf("%d findings", len(got))
	}
	if d := cmp.Diff(want, got[0].Spans); d != "" {
		t.Error(d)
	}
	if e.Scan(post(strings.Repeat("é", maxText)), nil) != nil {
		t.Error("found something in nothing")
	}
}

func TestMaskedLowers(t *testing.T) {
	e := testEngine(t, condPack("slur"))
	plain, masked := e.Scan(post("frob"), nil), e.Scan(post("fr*b"), nil)
	if len(masked) != 1 || masked[0].Confidence >= plain[0].Confidence {
		t.Errorf("plain %+v, masked %+v", plain, masked)
	}
}

func TestBuiltins(t *testing.T) {
	names := []string{"is.phone", "is.nhs-number", "is.postcode", "is.date", "is.time", "is.age", "is.bed", "is.money", "is.dose", "is.initials", "is.code", "is.shout", "is.quote", "is.name", "is.masked"}
	e := testEngine(t, "pack: test\nconcepts:\n  slur: {words: [frob], masked: true}\n  all: {include: ["+strings.Join(names, ", ")+"]}\n")
	tests := []struct{ concept, text, want string }{
		{"is.phone", "ring 07700 900142 or +44 7700 900142, not 12345 678901", "07700 900142|44 7700 900142"},
		{"is.nhs-number", "NHS no 943 476 5919, not 943 476 5918", "943 476 5919"},
		{"is.postcode", "at LS1 4AP, SW1A 1AA and m11ae", "LS1 4AP|SW1A 1AA|m11ae"},
		{"is.date", "dob 04/11/47, on 12/3, 2024-03-12, 24/7, 1/2", "04/11/47|12/3|2024-03-12"},
		{"is.time", "at 14:30, 3am, 2.30pm, half past two, 25:00, 2.30", "14:30|3am|2.30|30pm|half past two"},
		{"is.age", "an 87yo and a 45 year old, aged 7", "87yo|45 year old|aged 7"},
		{"is.bed", "bed 4, bay 2", "bed 4|bay 2"},
		{"is.money", "£20 and 50 quid", "£20|50 quid"},
		{"is.dose", "50mg", "50mg"},
		{"is.initials", "for J.S. and D. W. today", "J.S|D. W"},
		{"is.code", "use SARAH10 or COVID19 or ABC1, glow20", "SARAH10|COVID19"},
		{"is.shout", "THIS IS BAD ok NHS", "THIS IS BAD"},
		{"is.quote", `he said "go home now" twice`, "go home now"},
		{"is.name", "saw Mrs Olubunmi today", "Olubunmi"},
		{"is.masked", "fr*b frob", "fr*b"},
	}
	for _, tt := range tests {
		if got := marked(e, tt.concept, tt.text); got != tt.want {
			t.Errorf("%s in %q: got %q, want %q", tt.concept, tt.text, got, tt.want)
		}
		if marked(e, "all", tt.text) == "" {
			t.Errorf("%s is not included", tt.concept)
		}
	}
}

func TestPatterns(t *testing.T) {
	e := testEngine(t, `
pack: test
concepts:
  c: {patterns: [{re: '\bbay \d{1,2}\b', need: [bay]}]}
  caps: {patterns: [{re: '[A-Z]{3}\d', need: [code], original: true}]}
  nhs: {check: nhs-number, patterns: [{re: '\b\d{10}\b', need: ["<n>"]}]}
  scare: {patterns: [{re: '[''"](?:a )?(?:nap|bad back)[''"]', need: [nap, back]}]}
  dash: {patterns: [{re: '- ?(?:no|rubbish)\b', need: ["no", rubbish]}]}
`)
	for _, tt := range []struct{ concept, text, want string }{
		{"c", "In BAY 4, bay 12 and at bay", "BAY 4|bay 12"},
		{"caps", "code ABC1 abc1 é", "ABC1"},
		{"caps", "ABC1", ""},
		{"nhs", "9434765919 9434765918", "9434765919"},
		{"scare", "'nap', a “bad back” and \"a nap\"; nap 'nap now'", "nap|bad back|a nap"},
		{"scare", "nap", ""},
		{"dash", "no-rubbish - no – rubbish", "rubbish|no|rubbish"},
		{"dash", "no, rubbish", ""},
	} {
		if got := marked(e, tt.concept, tt.text); got != tt.want {
			t.Errorf("%s in %q: got %q, want %q", tt.concept, tt.text, got, tt.want)
		}
	}
}

// TestNoAllocation holds the engine to its promise for posts without findings.
func FuzzScan(f *testing.F) {
	e := testEngine(f, condPack("{any: [fruit, knife, slur, who, is.name, is.phone, is.date, is.age, is.postcode, is.initials, is.quote, is.shout]}"))
	seeds := append([]string{"", "fr*b f r o b fr0b #frobKnife 'apple' \"apple a b c\" pear…", "\xff\xfeapple\x80", "👍🏽👩‍⚕️ ＡＰＰＬＥ ａ\u0301pple", "@@ ## $$ **f*** .. ?! \u200b", "a@b.c http:// www. x.co.uk/", "12/3/45 +44 7700 900142 sw1a1aa J.S. 3:5"}, ordinary...)
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := e.Scan(post(s), nil)
		for _, x := range got {
			end := 0
			for _, sp := range x.Spans {
				if sp.Start < end || sp.End <= sp.Start || sp.End > len(s) {
					t.Fatalf("span %v of %d bytes after %d", sp, len(s), end)
				}
				if end = sp.End; utf8.ValidString(s) && (!utf8.ValidString(s[sp.Start:sp.End]) || !utf8.ValidString(s[:sp.Start])) {
					t.Fatalf("span %v cuts a character", sp)
				}
			}
			if x.Confidence < minConfidence || x.Confidence > 1 {
				t.Fatalf("confidence %v", x.Confidence)
			}
		}
		if d := cmp.Diff(got, e.Scan(post(s), nil)); d != "" {
			t.Fatal(d)
		}
	})
}

// TestPossible holds that a condition is never held impossible where it holds,
// and that what lacks a concept is not weighed.
func TestPossible(t *testing.T) {
	texts := append([]string{"apple", "knife", "apple knife", "my nan ate an apple. The knife is blunt", "nan frob", "pear and knife and nan", "no apple"}, ordinary...)
	for _, tt := range []struct{ when, impossible string }{
		{"{any: [{sentence: [fruit, knife]}, {post: [who, slur]}]}", "nan and an apple"},
		{"{some: {min: 2, of: [fruit, knife, who]}}", "frob"},
		{"[fruit, {not: [knife]}]", "knife"},
		{"{near: {within: 3, of: [fruit, {any: [knife, who]}]}}", "nan and a knife"},
		{"{not-near: {within: 3, of: [fruit, knife]}}", "knife"},
		{"{window: {sentences: 2, of: [fruit, {any: [knife, {all: [who, slur]}]}]}}", "an apple for nan"},
	} {
		s := testEngine(t, condPack(tt.when)).newScan()
		s.post = post("")
		when := s.e.progs[0].when
		for _, text := range texts {
			s.find(text)
			s.lights()
			s.rule = &s.e.progs[0]
			if s.eval(when, 0, int32(len(s.t.toks))) && !s.possible(when) {
				t.Errorf("%s holds in %q, but is said to be impossible", tt.when, text)
			}
		}
		if s.find(tt.impossible); s.possible(when) {
			t.Errorf("%s is said to be possible in %q", tt.when, tt.impossible)
		}
	}
}

func TestBeginsWithMark(t *testing.T) {
	for expr, want := range map[string]bool{`['"]a`: true, `(["']x)y`: true, `-b`: true, `'a|"b`: false, `[-a]b`: false, `[\s"]b`: false, `"?b`: false, `["“]b`: false, `\b"`: false, `(`: false} {
		if got := beginsWithMark(expr); got != want {
			t.Errorf("%s begins with a mark: got %t, want %t", expr, got, want)
		}
	}
}

func TestFirstSet(t *testing.T) {
	texts := []string{"", " ", "bed 7", "ab", "b", "7", "c", "Z", "-", "é", "xab", "\n"}
	for _, expr := range []string{`bed \d`, `(?:bed|bay)`, `\b\d+`, `a?b`, `a*`, `(a|)c`, `[^a]b`, `(?i)z`, `x{0,2}ab`, `.`, `^\s*7`, `(`, `[é7]`} {
		set := firstSet(expr)
		re, err := regexp.Compile(`\A(?:` + expr + `)`)
		if err != nil {
			if set != anyByte {
				t.Errorf("%q cannot be read, but may begin with %v only", expr, set)
			}
			continue
		}
		for _, s := range texts {
			if s != "" && s[0] < utf8.RuneSelf && re.MatchString(s) && !set.has(s[0]) {
				t.Errorf("%q matches %q, which its first characters do not allow", expr, s)
			}
		}
	}
	if set := firstSet(`\b(?:bed|ward) \d`); set.has('x') || !set.has('b') || !set.has('w') {
		t.Errorf("the beginnings of two words are told as %v", set)
	}
}
