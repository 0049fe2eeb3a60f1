package scanner

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Manifest is what is kept of a ruleset, so that a later one can be compared
// with it without its packs.
type Manifest struct {
	Hash  string            `json:"hash"`
	Base  string            `json:"base"` // of what all rules share: engine, themes, its own concepts
	Rules map[string]string `json:"rules"`
}

// Manifest describes the rules in force.
func (r *Rules) Manifest() Manifest {
	m := Manifest{Hash: r.hash, Base: r.base, Rules: map[string]string{}}
	for _, x := range slices.Concat(r.rules, r.learned) {
		m.Rules[x.ID] = x.hash
	}
	return m
}

// Encode writes a manifest as JSON.
func (m Manifest) Encode() ([]byte, error) {
	b, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("writing the ruleset's manifest: %w", err)
	}
	return b, nil
}

// DecodeManifest reads what Encode wrote.
func DecodeManifest(b []byte) (Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(b, &m); err != nil {
		return Manifest{}, fmt.Errorf("reading the ruleset's manifest: %w", err)
	}
	return m, nil
}

// Difference says what a change of rules asks for.
type Difference struct {
	// Removed lists rules that are gone, or switched off. A rule by itself
	// never keeps another from applying, so posts in which it found nothing
	// need no new scan.
	Removed []string
	// All says that every post must be scanned again: a rule was added or
	// changed, or what all rules share.
	All bool
}

// None says that nothing has to be done.
func (d Difference) None() bool { return !d.All && len(d.Removed) == 0 }

// Compare says what has to be done after a change from the rules of old to
// those of r. New wording (why, advice, examples) asks for nothing.
func (r *Rules) Compare(old Manifest) Difference {
	now := r.Manifest()
	d := Difference{All: old.Base != now.Base}
	for id, h := range now.Rules {
		d.All = d.All || old.Rules[id] != h
	}
	for id := range old.Rules {
		if _, ok := now.Rules[id]; ok {
			continue
		}
		d.Removed = append(d.Removed, id)
	}
	slices.Sort(d.Removed)
	return d
}
