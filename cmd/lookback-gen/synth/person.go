package synth

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// person is the invented owner of an archive.
type person struct {
	id       string
	handle   string
	earlier  string // handle of the first years
	name     string
	bio      string
	newBio   string // in a later export
	location string
	joined   time.Time
	fixed    map[string]string
}

var professions = []map[string]string{
	{"prof": "paramedic", "course": "paramedicscience", "kit": "twelve lead ECGs"},
	{"prof": "occupational therapist", "course": "occupationaltherapy", "kit": "splinting"},
	{"prof": "radiographer", "course": "radiography", "kit": "beam geometry"},
	{"prof": "physiotherapist", "course": "physiotherapy", "kit": "gait analysis"},
	{"prof": "dietitian", "course": "dietetics", "kit": "enteral feeds"},
	{"prof": "speech and language therapist", "course": "speechtherapy", "kit": "swallow screens"},
}

// demoPerson is whom `make demo` shows.
func demoPerson() person {
	return person{
		id: "417003298", handle: "morgan_tiverley", earlier: "morgz_tiv_x", name: "Morgan Tiverley",
		bio:      "Student paramedic, second year 🚑 Slow runner, fast reader, tea always. Views my own.",
		newBio:   "Second-year student 🚑 Slow runner, fast reader, tea always. Views my own.",
		location: "Leeds", joined: first.Add(-3 * 24 * time.Hour), fixed: professions[0],
	}
}

// seededPerson is anybody else, the same for the same seed.
func seededPerson(g *grammar, seed uint64) person {
	w := writer{g: g, rng: rand.New(rand.NewPCG(seed, 0xacc0))}
	prof := professions[w.rng.IntN(len(professions))]
	given, family := w.slot("name"), w.slot("surname")
	handle := strings.ToLower(given + "_" + family)
	if len(handle) > 15 {
		handle = handle[:15] // the longest handle that X allows
	}
	return person{
		id: strconv.Itoa(400_000_000 + w.rng.IntN(500_000_000)), handle: handle,
		earlier: strings.ToLower(given) + strconv.Itoa(w.rng.IntN(90)+10), name: given + " " + family,
		bio:      fmt.Sprintf("Student %s. %s person. Views my own.", prof["prof"], upperFirst(w.slot("hobby"), true)),
		newBio:   fmt.Sprintf("%s person. Views my own.", upperFirst(w.slot("hobby"), true)),
		location: w.slot("town"), joined: first.Add(-48 * time.Hour), fixed: prof,
	}
}
