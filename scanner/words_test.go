package scanner

import (
	"slices"
	"strings"
	"testing"
)

func TestWords(t *testing.T) {
	tests := []struct{ name, word, text, want string }{
		{"word", "ward", "On the ward now", "ward"},
		{"whole word only", "ward", "A coward on wardrobe duty", ""},
		{"case", "Covid", "COVID and covid", "COVID|covid"},
		{"prefix", "vaccin*", "vaccine, vaccination, vac", "vaccine|vaccination"},
		{"prefix of unknown word", "vaccin*", "vaccinophobia!", "vaccinophobia"},
		{"irregular", "steal~", "I stole it, she steals", "stole|steals"},
		{"doubling", "nick~", "nicked nicking nickin", "nicked|nicking|nickin"},
		{"doubled letter", "shag~", "shagged shagging", "shagged|shagging"},
		{"y", "carry~", "carried carries", "carried|carries"},
		{"possessive", "patient", "the patient's notes", "patient's"},
		{"phrase", "bed blocker", "another bed blocker here", "bed blocker"},
		{"phrase over hyphen", "bed blocker", "bed-blocker", "bed-blocker"},
		{"hyphen in the pack", "bed-blocker", "bed blocker", "bed blocker"},
		{"joined in the text", "antivaxxer", "an anti-vaxxer", "anti-vaxxer"},
		{"phrase over comma", "fat lazy", "fat, lazy", "fat, lazy"},
		{"not over a sentence", "fat lazy", "so fat. lazy too", ""},
		{"not over a line", "fat lazy", "so fat\nlazy", ""},
		{"apostrophe", "don't", "don't don’t dont", "don't|don’t|dont"},
		{"apostrophe that matters", "i'll", "ill and i'll", "i'll"},
		{"choice", "(a|some) spliff", "some spliff", "some spliff"},
		{"empty choice", "(really |)hate", "hate / really hate", "hate|really hate|hate"},
		{"nested choice", "see (you (now|later)|me)", "see you later, see me", "see you later|see me"},
		{"glued choice", "(in|out)patient", "an inpatient, an outpatient", "inpatient|outpatient"},
		{"ending of a choice", "(nick|pinch)~ it", "pinched it", "pinched it"},
		{"gap of one", "kick _ out", "kick them out, kick out", "kick them out"},
		{"gap up to two", "kick _2 out", "kick out, kick the lot out, kick all of them out", "kick out|kick the lot out"},
		{"optional gap", "bed _? 4", "bed no 4", "bed no 4"},
		{"leading gap", "_ bed", "the bed", "bed"},
		{"number", "bed <n>", "bed 4, bed four", "bed 4|bed four"},
		{"number and unit", "<n> mg", "50mg of", "50mg"},
		{"money", "£<n>", "for £20", "£20"},
		{"money as number", "sent <n>", "sent £20", "sent £20"},
		{"handle", "thanks <user>", "thanks @anna_b!", "thanks @anna_b"},
		{"address", "see <url>", "see https://t.co/x?y=1.", "see https://t.co/x?y=1"},
		{"bare address", "<url>", "on www.example.scot and example.co.uk/page", "www.example.scot|example.co.uk/page"},
		{"no address", "<url>", "etc.and so on.Then", ""},
		{"mail", "<email>", "to anna.b@example.org now", "anna.b@example.org"},
		{"emoji", "😂", "ha 😂😂 ha", "😂😂"},
		{"emoji variants", "👍", "ok 👍🏽", "👍"},
		{"any emoji", "so <emoji>", "so 🥳", "so 🥳"},
		{"hashtag only", "#nhs", "#NHS nhs", "#NHS"},
		{"word in hashtag", "nhs", "#NHS", "#NHS"},
		{"camel case", "dead patient", "#DeadPatient", "#DeadPatient"},
		{"camel case with capitals", "nhs heroes", "#NHSHeroes", "#NHSHeroes"},
		{"underscores", "night shift", "#night_shift", "#night_shift"},
		{"segmented", "hate our patients", "#hateourpatients", "#hateourpatients"},
		{"name", "nurse <name>", "our nurse Tattersall said", "nurse Tattersall"},
		{"no name", "nurse <name>", "nurse Monday", ""},
		{"given name", "<name>", "Maureen was there", "Maureen"},
		{"punctuation passed over", "don't @ me", "don't @ me", "don't @ me"},
		{"ampersand", "a&e", "in A&E", "A&E"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := conceptEngine(t, tt.word)
			if got := marked(e, "c", tt.text); got != tt.want {
				t.Errorf("%q in %q: got %q, want %q", tt.word, tt.text, got, tt.want)
			}
		})
	}
}

func TestDisguises(t *testing.T) {
	tests := []struct{ word, text, want string }{
		{"fuck", "f*ck f**k f***", "f*ck|f**k|f***"},
		{"fuck", "what the fück", "fück"},
		{"fuck", "fuuuuck", "fuuuuck"},
		{"fuck", "f u c k", "f u c k"},
		{"fuck", "f.u.c.k and f-u-c-k", "f.u.c.k|f-u-c-k"},
		{"fuck", "f*u*c*k", "f*u*c*k"},
		{"fuck*", "f*cking hell", "f*cking"},
		{"shit", "sh!t $hit sh1t", "sh!t|$hit|sh1t"},
		{"shit", "shitty", ""},
		{"bitch", "b1tch", "b1tch"},
		{"bitch", "bіtch", "bіtch"}, // Cyrillic і
		{"bitch", "ｂｉｔｃｈ", "ｂｉｔｃｈ"},
		{"bitch", "𝒃𝒊𝒕𝒄𝒉", "𝒃𝒊𝒕𝒄𝒉"},
		{"bitch", "bi\u200btch", "bi\u200btch"},
		{"bitch", "b\u0301i\u0301tch", "b\u0301i\u0301tch"},
		{"asshole", "an @sshole", "@sshole"},
		{"ass", "a$$", "a$$"},
		{"cunt", "c@nt c*nt", "c*nt"},
		{"spastic", "spa$tic 5pastic", "spa$tic|5pastic"},
		{"damn", "that is damn* good", "damn"},
		{"their", "*their", "their"},
		{"so", "soooo tired", "soooo"},
	}
	for _, tt := range tests {
		e := conceptEngine(t, tt.word)
		if got := marked(e, "c", tt.text); got != tt.want {
			t.Errorf("%q in %q: got %q, want %q", tt.word, tt.text, got, tt.want)
		}
	}
}

// TestDisguiseNeedsMasked checks that letters are guessed only for words that
// people mask.
func TestDisguiseNeedsMasked(t *testing.T) {
	e := testEngine(t, "pack: test\nconcepts:\n  c: {words: [ward]}\n")
	if got := marked(e, "c", "w*rd w@rd"); got != "w@rd" {
		t.Errorf("got %q", got)
	}
}

func TestBadWords(t *testing.T) {
	for word, want := range map[string]string{
		"(a|b":   "not closed",
		"a)b":    "not open",
		"(a|)":   "may stand for no word",
		"_3":     "may stand for no word",
		"st*al":  "only at the end",
		"<name":  "begins a class",
		"<what>": "is not known",
		"@":      "holds no word",
	} {
		r, err := loadTest("pack: test\nconcepts:\n  c: {words: ['"+word+"']}\n", LoadOptions{})
		if err == nil {
			_, err = New(r)
		}
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "test.yaml:3") {
			t.Errorf("%q: got error %v, want %q with its place", word, err, want)
		}
	}
}

func TestInflections(t *testing.T) {
	for w, want := range map[string][]string{
		"nick":  {"nick", "nicks", "nicked", "nicking", "nickin", "nick's"},
		"use":   {"use", "uses", "used", "using", "usin", "use's"},
		"agree": {"agree", "agrees", "agreed", "agreeing", "agreein", "agree's"},
		"bully": {"bully", "bullies", "bullied", "bullying", "bullyin", "bullys", "bully's"},
		"fix":   {"fix", "fixes", "fixed", "fixing", "fixin", "fix's"},
	} {
		got := inflections(w)
		for _, f := range want {
			if !slices.Contains(got, f) {
				t.Errorf("%s: %q is missing in %q", w, f, got)
			}
		}
	}
}
