// Package identity makes keys for records to which an export gives no id.
//
// A key is a hash of what the record says, so that two exports of one
// account, JSON and text, old and new, give the same keys. It never holds
// anything that can be read back.
package identity

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// Keys gives out the keys of one account. Equal records of one file are told
// apart by their number; a record that another file holds too is known again.
// The zero value is ready.
type Keys struct {
	given Set               // every key so far
	equal map[uint64]uint32 // of this file: records that are equal to an earlier one
}

// File begins another file with records of the same account.
func (k *Keys) File() {
	k.equal = nil
	k.given.Turn()
}

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
	key = scope + ":" + hex.EncodeToString(h.Sum(nil)[:12])
	return k.Number(key)
}

// Number makes of base, which stands for what a record says, a key of its own
// for each of the equal records of a file. again is as for Key.
func (k *Keys) Number(base string) (key string, again bool) {
	h := hash(base)
	if was := k.given.put(h); was != Present {
		return base, was == Earlier
	}
	if k.equal == nil {
		k.equal = make(map[uint64]uint32)
	}
	k.equal[h]++
	key = base + "~" + strconv.FormatUint(uint64(k.equal[h])+1, 10)
	return key, !k.Take(key)
}

// Take reports whether key is new, and remembers it. It is for records that
// have an id of their own.
func (k *Keys) Take(key string) bool { return k.given.Add(key) }

// Time is a time as a part of a key: whole seconds, nothing for none.
func Time(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(t.Unix(), 10)
}
