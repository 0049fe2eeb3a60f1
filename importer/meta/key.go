package meta

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"strings"
	"time"

	"lookback/importer/identity"
	"lookback/store"
)

// Identity is what makes two records the same one. Meta's records carry no
// id that JSON and pages share, so it is made of what both have.
type Identity struct {
	Scope string // prefix of the key without the colon, e.g. "comment"
	Time  time.Time
	Text  string // as it was written
	Extra string // for records without a text: MediaID, an address, a name
}

// The pages give times of a zone that they do not name, some without seconds,
// so only that part of a time counts which is the same in all zones: the
// minute within a quarter of an hour, and roughly the year, which begins in
// June because few people write then and many at New Year.
const (
	quarter  = 15 * 60
	yearLong = 365 * 24 * 3600
	yearTurn = yearLong / 2
)

func (id Identity) sum(exact bool) [sha256.Size]byte {
	unix := int64(-1)
	if !id.Time.IsZero() {
		unix = id.Time.Unix()
		if !exact {
			unix = (unix+yearTurn)/yearLong*quarter + unix%quarter/60
		}
	}
	text := Squash(id.Text)
	return sha256.Sum256(fmt.Appendf(nil, "%s\x00%d\x00%s\x00%s", id.Scope, unix, text, id.Extra))
}

// Keys makes the keys of one account. Equal records are told apart by a
// number, counted anew for each form of the export: JSON and pages of one
// account, read one after the other or from different archives, give the same
// keys. The zero value is ready.
type Keys struct {
	identity.Keys
	exact identity.Set // of this form: the same record again
}

// Form begins another form of the same account's records.
func (k *Keys) Form() {
	k.File()
	k.exact = identity.Set{}
}

// Page begins another page of the same form, for KeyOnPage.
func (k *Keys) Page() { k.exact.Turn() }

// KeyOnPage is Key for pages that give no seconds: what one page lists twice
// in a minute was written twice, what two pages list was not.
func (k *Keys) KeyOnPage(id Identity) (key string, again bool) {
	if id.Time.IsZero() {
		return k.Key(id)
	}
	at := id.Time
	for n := range 60 {
		id.Time = at.Add(time.Duration(n) * time.Second)
		exact := id.sum(true)
		switch k.exact.Put(string(exact[:])) {
		case identity.Absent:
			return k.number(id)
		case identity.Earlier:
			return "", true
		}
	}
	return "", true
}

// Key returns the key of a record. again means that this record was there
// before: exports repeat some.
func (k *Keys) Key(id Identity) (key string, again bool) {
	exact := id.sum(true)
	if !k.exact.Add(string(exact[:])) {
		return "", true
	}
	return k.number(id)
}

func (k *Keys) number(id Identity) (key string, again bool) {
	sum := id.sum(false)
	return k.Number(id.Scope + ":" + hex.EncodeToString(sum[:12]))
}

// MediaID returns the part of a media file's name that stays when Meta moves
// the file: its last group of digits, else the name itself.
func MediaID(uri string) string {
	base := path.Base(strings.ReplaceAll(uri, `\`, "/"))
	if base == "." || base == "/" {
		return ""
	}
	stem := strings.TrimSuffix(base, path.Ext(base))
	end := len(stem)
	for end > 0 && !digit(stem[end-1]) {
		end--
	}
	from := end
	for from > 0 && digit(stem[from-1]) {
		from--
	}
	if end-from < 6 {
		return base
	}
	return stem[from:end]
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// MediaType says what a media file is, by its name.
func MediaType(uri string) string {
	switch strings.ToLower(path.Ext(uri)) {
	case ".jpg", ".jpeg", ".png", ".webp", ".heic", ".bmp":
		return "photo"
	case ".mp4", ".mov", ".webm", ".m4v", ".3gp", ".avi":
		return "video"
	case ".gif":
		return "gif"
	case ".mp3", ".m4a", ".aac", ".ogg", ".opus", ".wav":
		return "audio"
	}
	return ""
}

// At returns the time of a JSON timestamp, in seconds or milliseconds.
func At(n int64) (time.Time, store.Precision) {
	if n > 1e11 || n < -1e11 {
		n /= 1000
	}
	t := time.Unix(n, 0).UTC()
	if t.Year() < 1990 || t.Year() > 2100 {
		return time.Time{}, store.PrecisionNone
	}
	return t, store.PrecisionSecond
}
