package scanner

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"lookback/store"
)

// listPack is a pack with one rule for a list of words.
func listPack(masked string, words ...string) string {
	var b strings.Builder
	b.WriteString("pack: test\nconcepts:\n  listed:\n    masked: " + masked + "\n    words:\n")
	for _, w := range words {
		b.WriteString("      - '" + strings.ReplaceAll(w, "'", "''") + "'\n")
	}
	return b.String() + `rules:
  - {id: a.x.listed, theme: a.x, action: review, confidence: 0.5, negated: keep, quoted: keep, when: {any: [listed]},
     why: w, advice: a, examples: {match: [m, o], not: [n, p]}}
`
}

// listEngine makes an engine of that pack alone.
func listEngine(t testing.TB, pack string) *Engine {
	t.Helper()
	r, err := Load(LoadOptions{Packs: fstest.MapFS{"standards.yaml": {Data: []byte(testStandards)}, "test.yaml": {Data: []byte(pack)}}})
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(r)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// glanced are lists of words that stress the glance in different ways.
var glanced = map[string]string{
	"words":      listPack("false", "idiot", "lazy", "vaccine", "shit", "fool", "covid19", "it's", "99", "a", "nightshift", "extraordinarily"),
	"endings":    listPack("false", "idiot*", "nurse~", "moan*", "19*"),
	"masked":     listPack("true", "idiot", "bitch", "arsehole*", "shit"),
	"phrases":    listPack("false", "old dear", "(bank|night) shift", "in care", "'off sick'"),
	"far":        listPack("false", "idiot", "дурак", "😡", "café", "£", "straße"),
	"apostrophe": listPack("false", "don't", "patient's", "o'clock"),
}

func TestGlanceAgrees(t *testing.T) {
	for name, pack := range glanced {
		for kind, make := range map[string]func(testing.TB, string) *Engine{"alone": listEngine, "beside the engine's own": testEngine} {
			t.Run(name+" "+kind, func(t *testing.T) {
				e := make(t, pack)
				if e.glance == nil {
					t.Fatal("no glance for a list of words")
				}
				rng := rand.New(rand.NewPCG(1, 2))
				passed, found := 0, 0
				for range 8000 {
					text := glancedText(rng)
					if glanceAgrees(t, e, text) {
						passed++
					} else if len(e.Scan(post(text), nil)) > 0 {
						found++
					}
				}
				if passed < 1000 || found < 30 {
					t.Errorf("%d texts passed and %d had findings, so little was compared", passed, found)
				}
			})
		}
	}
}

// glanceAgrees fails the test where the glance passes a text in which the engine
// finds something, and returns whether it passes it.
func glanceAgrees(t *testing.T, e *Engine, text string) bool {
	t.Helper()
	for _, kind := range []store.Kind{store.KindPost, store.KindReply, store.KindQuote, store.KindLike} {
		p := &store.Post{Kind: kind, Own: kind != store.KindLike, Text: text}
		found, marks := e.judge(p, nil)
		if e.glance.passes(e, p) && (len(found) > 0 || marks != 0) {
			t.Fatalf("the glance passes %q as %s, in which there are %d findings and marks %b", text, kind, len(found), marks)
		}
		if e.glance.quiet(e, text) && len(found) > 0 {
			t.Fatalf("the glance passes %q, in which there are %d findings", text, len(found))
		}
	}
	return e.glance.quiet(e, text)
}

var (
	glancedWords = strings.Fields(`idiot idiots idiott sooo iddiot lazy vaccine vaccines shit sh!t 5h1t f*ol covid19 covid 19 99 a i the ward on my bench kettle
 extraordinarily extraordinary night shift nightshift bank old dear in care off sick don't dont patient's patients o'clock nurse nursing moaning moan дурак 😡 ❤️ café straße £ arsehole
 arseholes bitch b1tch b!tch @bob @sshole #idiot #NightShift #nightshift https://t.co/idiot http://a.b/ example.org/lazy anna@lazy.org it's it’s i.d.i.o.t fool foool 10k 9pm id\u00ADiot i\u200Bdiot ｉｄｉｏｔ ídiot`)
	glancedSigns = []string{" ", " ", " ", " ", "", "", ".", ",", "...", "…", "-", "--", "–", "—", "'", "’", "‘", "\"", "“", "(", ")", "[", "]", "*", "_", "!", "?", "!?", "@", "#", "$", "£", "&", "+", "|", "/", "\\",
		":", ";", "<", ">", "=", "~", "^", "`", "%", "\n", "\t", "\u00A0", "\uFE0F", "\u200D", "\u0301", "😂", "0", "1", "5", "é", "ß", "И", "\x00", "\x7f", "\xff", "\xe2\x80", "½", "•"}
)

// glancedText makes a text of words and signs, some letters changed.
func glancedText(rng *rand.Rand) string {
	var b strings.Builder
	for range 1 + rng.IntN(5) {
		w := glancedWords[rng.IntN(len(glancedWords))]
		if strings.Contains(w, "\\u") {
			w = strings.NewReplacer(`\u00AD`, "\u00AD", `\u200B`, "\u200B").Replace(w)
		}
		switch rng.IntN(8) {
		case 0:
			w = strings.ToUpper(w)
		case 1:
			at := rng.IntN(len(w) + 1)
			w = w[:at] + glancedSigns[rng.IntN(len(glancedSigns))] + w[at:]
		case 2:
			w = strings.Join(strings.Split(w, ""), glancedSigns[rng.IntN(16)])
		}
		b.WriteString(w)
		for range rng.IntN(3) {
			b.WriteString(glancedSigns[rng.IntN(len(glancedSigns))])
		}
		if rng.IntN(4) > 0 {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

func TestNoGlance(t *testing.T) {
	for name, pack := range map[string]string{
		"class": strings.Replace(listPack("false", "<n> times"), "masked: false", "setting: false", 1),
		"not":   strings.Replace(listPack("false", "idiot"), "when: {any: [listed]}", "when: {post: [{not: [listed]}]}", 1),
		"quote": strings.Replace(listPack("false", "idiot"), "{any: [listed]}", "{any: [listed, is.quote]}", 1),
	} {
		if e := testEngine(t, pack); e.glance != nil {
			t.Errorf("%s: there is a glance, though a post without a listed word may meet the rule", name)
		}
	}
	if e := testEngine(t, listPack("false", "idiot")); e.glance.quiet(e, strings.Repeat("a fine day ", maxText)) {
		t.Error("the glance passes a text that is judged in parts")
	}
}

func TestAlone(t *testing.T) {
	dir := t.TempDir()
	pack := strings.ReplaceAll(listPack("false", "kettle", "idiot"), "a.x", "respect.profanity")
	if err := os.WriteFile(filepath.Join(dir, "mine.yaml"), []byte(pack), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := Load(LoadOptions{Dirs: []string{dir}, Alone: true})
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(r)
	if err != nil {
		t.Fatal(err)
	}
	if e.glance == nil {
		t.Error("no glance for a list of words beside what the engine asks for")
	}
	for text, want := range map[string]string{
		"An idiot with a kettle":                        "respect.profanity.listed review",
		"My patient Mr Jones in bed 4 has HIV, an arse": "",
	} {
		if got := rulesOf(e, post(text), nil); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzGlance(f *testing.F) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		f.Add(glancedText(rng))
	}
	engines := map[string]*Engine{}
	for name, pack := range glanced {
		engines[name] = listEngine(f, pack)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, e := range engines {
			glanceAgrees(t, e, text)
		}
	})
}
