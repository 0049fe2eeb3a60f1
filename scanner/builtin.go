package scanner

import (
	"slices"
	"strings"
)

// The concepts that the engine finds by code rather than by words.
const (
	builtinQuote = iota
	builtinQuestion
	builtinShout
	builtinMasked
	builtinPhone
	builtinNHSNumber
	builtinPostcode
	builtinDate
	builtinTime
	builtinInitials
	builtinCode
	numBuiltins
)

var builtinNames = []string{"is.quote", "is.question", "is.shout", "is.masked", "is.phone", "is.nhs-number", "is.postcode", "is.date", "is.time", "is.initials", "is.code"}

func isSettingBuiltin(name string) bool {
	i := slices.Index(builtinNames, name)
	return i > builtinMasked
}

// checks are the validators that a concept may name; they see the match.
var checks = map[string]func([]byte) bool{
	"nhs-number": func(b []byte) bool { return nhsNumber(digitsOf(b)) },
	"phone":      func(b []byte) bool { return phone(digitsOf(b), b) },
	"luhn":       func(b []byte) bool { return luhn(digitsOf(b)) },
	"postcode":   postcode,
}

var checkNames = []string{"nhs-number", "phone", "luhn", "postcode"}

func digitsOf(b []byte) []byte { return appendDigits(nil, b) }

func appendDigits(dst, b []byte) []byte {
	for _, c := range b {
		if charTable[c] == charDigit {
			dst = append(dst, c)
		}
	}
	return dst
}

func hasDigit(b []byte) bool {
	return slices.ContainsFunc(b, func(c byte) bool { return charTable[c] == charDigit })
}

// nhsNumber checks the eleventh-modulus digit of a ten-digit NHS number.
func nhsNumber(d []byte) bool {
	if len(d) != 10 {
		return false
	}
	sum, same := 0, true
	for i, c := range d[:9] {
		sum += int(c-'0') * (10 - i)
		same = same && c == d[0]
	}
	check := 11 - sum%11
	if check == 11 {
		check = 0
	}
	return check == int(d[9]-'0') && !same
}

// phone accepts British numbers: 0 and nine or ten more digits, or +44.
func phone(d, raw []byte) bool {
	if len(d) > 2 && d[0] == '4' && d[1] == '4' && len(raw) > 0 && raw[0] == '+' {
		return len(d) == 12 || len(d) == 11 || len(d) == 13
	}
	return (len(d) == 10 || len(d) == 11) && d[0] == '0' && d[1] != '0'
}

func luhn(d []byte) bool {
	if len(d) < 8 {
		return false
	}
	sum := 0
	for i := range d {
		v := int(d[len(d)-1-i] - '0')
		if i%2 == 1 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0
}

// postcode checks the shape of a British postcode: "sw1a 1aa", "m1 1ae".
func postcode(b []byte) bool {
	s := strings.ReplaceAll(strings.ToLower(string(b)), " ", "")
	n := len(s)
	if n < 5 || n > 7 || charTable[s[n-3]] != charDigit || charTable[s[n-2]] != charLetter || charTable[s[n-1]] != charLetter {
		return false
	}
	out := s[:n-3]
	letters := 0
	for letters < len(out) && charTable[out[letters]] == charLetter {
		letters++
	}
	if letters < 1 || letters > 2 || letters == len(out) || charTable[out[letters]] != charDigit {
		return false
	}
	return len(out)-letters <= 2
}

// wants says whether any rule can use a concept that the engine finds by code.
func (s *scan) wants(b int) bool { return len(s.e.builtin[b]) > 0 }

func (s *scan) builtins() {
	if s.t.digits > 0 {
		s.numbers()
		if s.t.leet > 0 && s.wants(builtinPostcode) {
			s.postcodes()
		}
	}
	if s.wants(builtinQuestion) {
		for _, st := range s.t.sents {
			if st.question {
				s.emitBuiltin(builtinQuestion, st.from, st.to)
			}
		}
	}
	if s.wants(builtinShout) {
		s.shout()
	}
	if s.t.singles > 1 && s.wants(builtinInitials) {
		s.initials()
	}
	if s.t.leet > 0 && s.wants(builtinCode) {
		s.codes()
	}
	if s.wants(builtinMasked) {
		for i := range s.hits {
			if h := s.hits[i]; h.masked {
				s.emitBuiltin(builtinMasked, h.from, h.to)
			}
		}
	}
	for _, q := range s.t.quotes {
		s.emitBuiltin(builtinQuote, q.from, q.to)
	}
}

func (s *scan) emitBuiltin(b int, from, to int32) {
	for _, c := range s.e.builtin[b] {
		s.emit(c, from, to, false)
	}
}

// initials finds "J.S." and "D. W.": single capitals with dots.
func (s *scan) initials() {
	toks := s.t.toks
	for i := 0; i < len(toks); {
		j := i
		for j < len(toks) && s.initial(j) && (j == i || toks[j].gap == gapDot || toks[j].gap == gapSpace && s.dotAfter(j-1)) {
			j++
		}
		if j-i >= 2 && j-i <= 4 && s.dotAfter(i) && (j-i > 2 || s.dotAfter(j-1)) {
			s.emitBuiltin(builtinInitials, int32(i), int32(j))
		}
		i = max(j, i+1)
	}
}

// codes finds what discount codes look like: "SARAH10", "GLOW20".
func (s *scan) codes() {
	for i := range s.t.toks {
		k := &s.t.toks[i]
		if k.flags&(tokWord|tokCapital) != tokWord|tokCapital || k.flags&tokInTag != 0 || k.to-k.from < 6 {
			continue
		}
		a, b := s.t.srcSpan(int(k.from), int(k.to))
		letters := a
		for letters < b && s.t.src[letters] >= 'A' && s.t.src[letters] <= 'Z' {
			letters++
		}
		digits := b - letters
		if letters-a >= 4 && (digits == 2 || digits == 3) && allDigits(s.t.src[letters:b]) {
			s.emitBuiltin(builtinCode, int32(i), int32(i+1))
		}
	}
}

func (s *scan) initial(i int) bool {
	k := &s.t.toks[i]
	return k.to-k.from == 1 && k.flags&(tokWord|tokCapital) == tokWord|tokCapital
}

func (s *scan) dotAfter(i int) bool {
	to := int(s.t.toks[i].to)
	return to < len(s.t.norm) && s.t.norm[to] == '.'
}

// numbers finds runs of digits with single separators: telephone and NHS
// numbers, dates.
func (s *scan) numbers() {
	toks := s.t.toks
	for i := 0; i < len(toks); i++ {
		if toks[i].class&classNumber == 0 || charTable[s.t.norm[toks[i].from]] != charDigit {
			continue
		}
		j := i + 1
		for j < len(toks) && toks[j].class&classNumber != 0 && charTable[s.t.norm[toks[j].from]] == charDigit && toks[j].from-toks[j-1].to <= 1 {
			j++
		}
		s.numberRun(int32(i), int32(j))
		i = j - 1
	}
}

func (s *scan) numberRun(i, j int32) {
	toks, n := s.t.toks, s.t.norm
	raw := n[toks[i].from:toks[j-1].to]
	if toks[i].from > 0 && n[toks[i].from-1] == '+' {
		raw = n[toks[i].from-1 : toks[j-1].to]
	}
	d := appendDigits(s.t.wordbuf[:0], raw)
	s.t.wordbuf = d
	switch {
	case phone(d, raw):
		s.emitBuiltin(builtinPhone, i, j)
	case nhsNumber(d):
		s.emitBuiltin(builtinNHSNumber, i, j)
	}
	switch {
	case j-i == 2 && s.clock(i):
		s.emitBuiltin(builtinTime, i, j)
	case j-i >= 2 && j-i <= 3 && s.dateRun(i, j):
		s.emitBuiltin(builtinDate, i, j)
	}
}

// clock accepts 9:05 and 23:59, and 2.30 with am or pm after it.
func (s *scan) clock(i int32) bool {
	a, b, n := &s.t.toks[i], &s.t.toks[i+1], s.t.norm
	half := n[a.to] == '.' && int(i)+2 < len(s.t.toks) && (string(s.t.bytes(int(i)+2)) == "pm" || string(s.t.bytes(int(i)+2)) == "am")
	if n[a.to] != ':' && !half || a.to-a.from > 2 || b.to-b.from != 2 {
		return false
	}
	return (a.to-a.from == 1 || n[a.from] < '2' || n[a.from] == '2' && n[a.from+1] < '4') && n[b.from] < '6'
}

// dateRun accepts 12/3, 12/03/24, 12.03.2024, 2024-03-12, 12-3-24.
func (s *scan) dateRun(i, j int32) bool {
	toks, n := s.t.toks, s.t.norm
	sep := n[toks[i].to]
	if sep != '/' && (j-i < 3 || sep != '.' && sep != '-') {
		return false
	}
	var v [3]int
	for k := i; k < j; k++ {
		if toks[k].to-toks[k].from > 4 || k+1 < j && n[toks[k].to] != sep {
			return false
		}
		for _, c := range n[toks[k].from:toks[k].to] {
			v[k-i] = v[k-i]*10 + int(c-'0')
		}
	}
	if toks[i].to-toks[i].from == 4 {
		return v[1] >= 1 && v[1] <= 12 && v[2] >= 1 && v[2] <= 31
	}
	return v[0] >= 1 && v[0] <= 31 && v[1] >= 1 && v[1] <= 12 && (j-i == 3 || !s.ratio(v[0], v[1]))
}

// ratio tells "24/7" and "1/2" from a day and a month.
func (s *scan) ratio(a, b int) bool {
	return a == 24 && b == 7 || a < b && (b <= 5 || b == 8 || b == 10) && a <= 9 && a >= 1 && (b == 2 || b == 3 || b == 4 || b == 5 || b == 10)
}

// postcodes finds an outward code followed by digit, letter, letter.
func (s *scan) postcodes() {
	toks := s.t.toks
	for i := range toks {
		k := &toks[i]
		if k.flags&tokWord == 0 || k.to-k.from > 7 || k.to-k.from < 2 || !hasDigit(s.t.norm[k.from:k.to]) {
			continue
		}
		for j := i; j <= i+2 && j < len(toks) && toks[j].to-k.from <= 8; j++ {
			if postcode(s.t.norm[k.from:toks[j].to]) {
				s.emitBuiltin(builtinPostcode, int32(i), int32(j+1))
				break
			}
		}
	}
}

// shout finds three or more words in a row in capitals.
func (s *scan) shout() {
	run := 0
	toks := s.t.toks
	for i := 0; i <= len(toks); i++ {
		if i < len(toks) && toks[i].flags&tokUpper != 0 && toks[i].to-toks[i].from > 1 {
			run++
			continue
		}
		if run >= 3 {
			s.emitBuiltin(builtinShout, int32(i-run), int32(i))
		}
		run = 0
	}
}

func allDigits(s string) bool {
	for i := range len(s) {
		if charTable[s[i]] != charDigit {
			return false
		}
	}
	return true
}
