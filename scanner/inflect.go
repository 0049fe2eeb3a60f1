package scanner

import (
	"slices"
	"strings"
)

// irregular holds the forms of verbs and nouns that English does not inflect
// by rule, British colloquial ones included.
var irregular = parseIrregular(`
be am is are was were been being
have has had having havin
do does did done doing doin
go goes went gone going goin
get gets got gotten getting gettin
take takes took taken taking takin
steal steals stole stolen stealing stealin
drink drinks drank drunk drinking drinkin
drive drives drove driven driving drivin
write writes wrote written writing writin
give gives gave given giving givin
make makes made making makin
say says said saying sayin
see sees saw seen seeing seein
come comes came coming comin
know knows knew known knowing knowin
think thinks thought thinking thinkin
tell tells told telling tellin
find finds found finding findin
leave leaves left leaving leavin
feel feels felt feeling feelin
bring brings brought bringing bringin
buy buys bought buying buyin
sell sells sold selling sellin
catch catches caught catching catchin
teach teaches taught teaching teachin
fight fights fought fighting fightin
seek seeks sought seeking
keep keeps kept keeping keepin
sleep sleeps slept sleeping sleepin
sweep sweeps swept sweeping
hold holds held holding holdin
stand stands stood standing standin
understand understands understood understanding
lose loses lost losing losin
win wins won winning winnin
shoot shoots shot shooting shootin
hit hits hitting hittin
cut cuts cutting cuttin
put puts putting puttin
shut shuts shutting
let lets letting lettin
set sets setting settin
bet bets betting
hurt hurts hurting
quit quits quitting
spit spits spat spitting
sit sits sat sitting sittin
read reads reading readin
lead leads led leading
meet meets met meeting meetin
feed feeds fed feeding
bleed bleeds bled bleeding
breed breeds bred breeding
send sends sent sending sendin
spend spends spent spending spendin
lend lends lent lending
bend bends bent bending
build builds built building
burn burns burned burnt burning
learn learns learned learnt learning
smell smells smelled smelt smelling
spell spells spelled spelt spelling
dream dreams dreamed dreamt dreaming
lie lies lied lying
die dies died dying
lay lays laid laying
pay pays paid paying payin
run runs ran running runnin
begin begins began begun beginning
swim swims swam swum swimming
sing sings sang sung singing
ring rings rang rung ringing ringin
sink sinks sank sunk sinking
stink stinks stank stunk stinking
shrink shrinks shrank shrunk shrinking
throw throws threw thrown throwing throwin
grow grows grew grown growing
blow blows blew blown blowing
draw draws drew drawn drawing
fly flies flew flown flying
wear wears wore worn wearing
tear tears tore torn tearing
swear swears swore sworn swearing
bear bears bore borne bearing
break breaks broke broken breaking breakin
speak speaks spoke spoken speaking speakin
wake wakes woke woken waking
choose chooses chose chosen choosing
freeze freezes froze frozen freezing
forget forgets forgot forgotten forgetting
forgive forgives forgave forgiven forgiving
eat eats ate eaten eating eatin
fall falls fell fallen falling
bite bites bit bitten biting
hide hides hid hidden hiding
ride rides rode ridden riding
rise rises rose risen rising
beat beats beaten beating
show shows showed shown showing
shake shakes shook shaken shaking
mistake mistakes mistook mistaken
stick sticks stuck sticking
strike strikes struck striking
hang hangs hung hanged hanging
dig digs dug digging
deal deals dealt dealing
mean means meant meaning
hear hears heard hearing
man men
woman women
child children childer
person people persons
foot feet
tooth teeth
mouse mice
wife wives
life lives
thief thieves
knife knives
`)

func parseIrregular(table string) map[string][]string {
	m := map[string][]string{}
	for _, line := range strings.Split(table, "\n") {
		forms := strings.Fields(line)
		if len(forms) > 1 {
			m[forms[0]] = forms
		}
	}
	return m
}

const vowels = "aeiou"

// inflections lists the forms of a word: the table's where it is irregular,
// else those that the spelling rules give. A form that does not exist does no
// harm: nobody writes it.
func inflections(w string) []string {
	forms, ok := irregular[w]
	if ok {
		return withPossessive(w, forms)
	}
	n := len(w)
	if n < 2 {
		return []string{w, w + "s", w + "'s"}
	}
	last, before := w[n-1], w[n-2]
	switch {
	case last == 'e':
		stem := w[:n-1]
		if before == 'e' || before == 'y' || before == 'o' {
			return withPossessive(w, []string{w, w + "s", w + "d", w + "ing", w + "in"})
		}
		return withPossessive(w, []string{w, w + "s", w + "d", stem + "ing", stem + "in"})
	case last == 'y' && !strings.ContainsRune(vowels, rune(before)):
		return withPossessive(w, []string{w, w[:n-1] + "ies", w[:n-1] + "ied", w + "ing", w + "in", w + "s"})
	case strings.HasSuffix(w, "s") || strings.HasSuffix(w, "x") || strings.HasSuffix(w, "z") || strings.HasSuffix(w, "ch") || strings.HasSuffix(w, "sh"):
		return withPossessive(w, []string{w, w + "es", w + "ed", w + "ing", w + "in"})
	case doubles(w):
		d := w + string(last)
		return withPossessive(w, []string{w, w + "s", d + "ed", d + "ing", d + "in", w + "ed", w + "ing"})
	}
	return withPossessive(w, []string{w, w + "s", w + "ed", w + "ing", w + "in"})
}

func withPossessive(w string, forms []string) []string {
	out := slices.Clone(forms)
	if !slices.Contains(out, w+"'s") {
		out = append(out, w+"'s")
	}
	return out
}

// doubles says whether the last consonant may double: shag, nick (no), travel.
func doubles(w string) bool {
	n := len(w)
	if n < 3 {
		return false
	}
	c, v, b := w[n-1], w[n-2], w[n-3]
	if strings.IndexByte("bdgklmnprtv", c) < 0 || strings.IndexByte(vowels, v) < 0 {
		return false
	}
	return strings.IndexByte(vowels, b) < 0
}
