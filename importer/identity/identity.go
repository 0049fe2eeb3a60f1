// Package identity makes keys for records to which an export gives no id.
//
// A key is a hash of what the record says, so that two exports of one
// account, JSON and text, old and new, give the same keys. It never holds
// anything that can be read back.
package identity

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// Keys gives out the keys of one account. Equal records of one file are told
// apart by their number; a record that another file holds too is known again.
// The zero value is ready.
type Keys struct {
	given map[uint64]struct{} // every key so far
	count map[uint64]uint32   // of this file: records that are equal
}

// File begins another file with records of the same account.
func (k *Keys) File() { k.count = nil }

// Key returns the key of the record that parts describe, "scope:hash", and
// whether it was given out before File was called last. How parts break
// their lines does not matter.
func (k *Keys) Key(scope string, parts ...string) (key string, again bool) {
	h := sha256.New()
	h.Write([]byte(scope))
	for _, p := range parts {
		h.Write([]byte{0})
		h.Write([]byte(strings.Join(strings.Fields(p), " ")))
	}
	sum := h.Sum(nil)
	if k.count == nil {
		k.count = make(map[uint64]uint32)
	}
	short := binary.BigEndian.Uint64(sum)
	k.count[short]++
	key = scope + ":" + hex.EncodeToString(sum[:12])
	if n := k.count[short]; n > 1 {
		key += "~" + strconv.FormatUint(uint64(n), 10)
	}
	return key, !k.Take(key)
}

// Take reports whether key is new, and remembers it. It is for records that
// have an id of their own.
func (k *Keys) Take(key string) bool {
	sum := sha256.Sum256([]byte(key))
	short := binary.BigEndian.Uint64(sum[:8])
	if _, known := k.given[short]; known {
		return false
	}
	if k.given == nil {
		k.given = make(map[uint64]struct{})
	}
	k.given[short] = struct{}{}
	return true
}

// Time is a time as a part of a key: whole seconds, nothing for none.
func Time(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(t.Unix(), 10)
}
