package bluesky

import (
	"bytes"
	"errors"
	"reflect"
	"strings"

	"github.com/fxamacker/cbor/v2"
)

// decoding is as strict as the protocol's own encoding, but for text that is
// not UTF-8, which is repaired.
var decoding = mustMode(cbor.DecOptions{
	DupMapKey:        cbor.DupMapKeyEnforcedAPF,
	IndefLength:      cbor.IndefLengthForbidden,
	MaxNestedLevels:  48,
	MaxArrayElements: 131072,
	MaxMapPairs:      131072,
	DefaultMapType:   reflect.TypeFor[map[string]any](),
	UTF8:             cbor.UTF8DecodeInvalid,
})

func mustMode(o cbor.DecOptions) cbor.DecMode {
	mode, err := o.DecMode()
	if err != nil {
		panic(err) // the options are constants
	}
	return mode
}

// link is a content address inside a block: tag 42, a zero byte, the address.
// Null leaves it zero.
type link struct{ digest }

const tagLink = 42

var errLink = errors.New("not a link")

// UnmarshalCBOR takes a link or null.
func (l *link) UnmarshalCBOR(data []byte) error {
	if bytes.Equal(data, []byte{0xf6}) {
		*l = link{}
		return nil
	}
	var tag cbor.RawTag
	if err := decoding.Unmarshal(data, &tag); err != nil || tag.Number != tagLink {
		return errLink
	}
	var raw []byte
	if err := decoding.Unmarshal(tag.Content, &raw); err != nil || len(raw) == 0 || raw[0] != 0 {
		return errLink
	}
	d, rest, err := parseCID(raw[1:])
	if err != nil || len(rest) > 0 {
		return errLink
	}
	l.digest = d
	return nil
}

func (l link) isSet() bool { return l.digest != digest{} }

// parseHeader returns the address of the commit.
func parseHeader(data []byte) (digest, error) {
	var h struct {
		Roots   []link `cbor:"roots"`
		Version int    `cbor:"version"`
	}
	if err := decoding.Unmarshal(data, &h); err != nil || h.Version != 1 || len(h.Roots) == 0 {
		return digest{}, errHeader
	}
	return h.Roots[0].digest, nil
}

// A commit is the root of a repository. Version 2, of 2023, has no rev.
type commit struct {
	DID     string `cbor:"did"`
	Version int    `cbor:"version"`
	Rev     string `cbor:"rev"`
	Data    link   `cbor:"data"`
}

// A node is one node of the record tree.
type node struct {
	Left    link    `cbor:"l"`
	Entries []entry `cbor:"e"`
}

// An entry is a record, and the subtree between it and the next one.
type entry struct {
	Prefix int    `cbor:"p"` // bytes shared with the key before
	Key    []byte `cbor:"k"`
	Value  link   `cbor:"v"`
	Tree   link   `cbor:"t"`
}

// looksNode tells nodes from records by their first key, well enough to know
// what to keep in memory.
func looksNode(b []byte) bool { return bytes.HasPrefix(b, []byte("\xa2\x61e")) }

// object is a decoded record, or a part of one. Members of another type than
// expected read as absent: any program may write any shape.
type object map[string]any

func toObject(v any) object {
	switch v := v.(type) {
	case map[string]any:
		return v
	case object:
		return v
	}
	return nil
}

func (o object) text(name string) string { return toText(o[name]) }

func toText(v any) string {
	s, _ := v.(string) // anything else reads as no text
	return strings.ToValidUTF8(s, "\uFFFD")
}

func (o object) object(name string) object { return toObject(o[name]) }

func (o object) list(name string) []any {
	list, _ := o[name].([]any) // anything else reads as an empty list
	return list
}

// number returns a whole number of CBOR or JSON; ok is false for others.
func (o object) number(name string) (n int, ok bool) {
	const most = 1 << 30
	switch v := o[name].(type) {
	case uint64:
		if v < most {
			return int(v), true
		}
	case float64:
		if v >= 0 && v < most {
			return int(v), true
		}
	}
	return 0, false
}
