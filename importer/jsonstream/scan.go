package jsonstream

// Classes of bytes, for the two inner loops.
var (
	inString  [256]bool // ends the plain run inside a string: quote, backslash, control
	structure [256]bool // matters outside strings: quote and brackets
	follows   [256]bool // may follow the closing quote of a string
)

func init() {
	for c := range 0x20 {
		inString[c] = true
	}
	inString['"'], inString['\\'] = true, true
	for _, c := range []byte(`"{}[]`) {
		structure[c] = true
	}
	for _, c := range []byte(",:]} \t\r\n") {
		follows[c] = true
	}
}

// A scan is the state of reading one value.
type scan struct {
	*splitter
	limit int // bytes after which the value is dropped; 0 drops it at once
	quote bool
	depth int
	deep  bool
	large bool
	kinds [2]uint64 // for each open bracket whether it is an object
}

// scan moves pos behind the value at start. bad is ErrTooLarge, ErrTooDeep or
// ErrSyntax; with ErrTooLarge, or with limit 0, start moves along and the
// value is not kept. err is errNeed when the input ended.
func (s *splitter) scan(limit int) (bad, err error) {
	v := scan{splitter: s, limit: limit, large: limit == 0}
	if c := s.buf[s.pos]; c != '{' && c != '[' && c != '"' {
		return v.scalar()
	}
	for {
		done, ok := v.window()
		switch {
		case !ok:
			return ErrSyntax, nil
		case done && v.deep:
			return ErrTooDeep, nil
		case done && (v.large || limit > 0 && s.pos-s.start > limit):
			return ErrTooLarge, nil
		case done:
			return nil, nil
		}
		if bad := v.drop(); bad != nil {
			return bad, nil
		}
		if !s.fill() {
			return nil, errNeed
		}
	}
}

// drop stops keeping a value over the limit. If an element seems to begin
// inside it, a quote is missing somewhere and the value is broken instead.
func (v *scan) drop() error {
	if !v.large && v.pos-v.start > v.limit {
		pos := v.pos
		v.pos = v.start + 1
		begins := v.key != nil && v.boundary() >= 0
		v.pos = pos
		if begins {
			return ErrSyntax
		}
		v.large = true
	}
	if v.large {
		v.start = v.pos
	}
	return nil
}

// window scans to the value's end or to the end of what is there. ok is false
// where the brackets or quotes cannot be right.
func (v *scan) window() (done, ok bool) {
	b, i := v.buf, v.pos
	for {
		if v.quote {
			i = pastPlain(b, i)
			if i+1 >= len(b) && (i >= len(b) || v.readErr == nil) {
				v.pos = min(i, len(b))
				return false, true
			}
			switch b[i] {
			case '\\':
				i += 2
				continue
			case '"':
				i++
				v.quote = false
			default:
				return false, false
			}
			if i < len(b) && !follows[b[i]] {
				return false, false
			}
			if v.depth == 0 {
				v.pos = i
				return true, true
			}
		}
		for i < len(b) && !structure[b[i]] {
			if i++; b[i-1] == '\n' {
				i = pastBlanks(b, i) // as the files are indented
			}
		}
		if i >= len(b) {
			v.pos = len(b)
			return false, true
		}
		i++
		switch b[i-1] {
		case '"':
			v.quote = true
		case '{', '[':
			v.open(b[i-1] == '{')
		default:
			if !v.close(b[i-1] == '}') {
				return false, false
			}
			if v.depth == 0 {
				v.pos = i
				return true, true
			}
		}
	}
}

func (v *scan) open(object bool) {
	if v.depth >= MaxDepth {
		v.deep = true
	} else if bit := uint64(1) << (v.depth % 64); object {
		v.kinds[v.depth/64] |= bit
	} else {
		v.kinds[v.depth/64] &^= bit
	}
	v.depth++
}

func (v *scan) close(object bool) bool {
	v.depth--
	return v.depth >= MaxDepth || (v.kinds[v.depth/64]>>(v.depth%64)&1 == 1) == object
}

// scalar reads a number, true, false or null, or something that is none of
// them: the decoder will say.
func (v *scan) scalar() (bad, err error) {
	for {
		for v.pos < len(v.buf) {
			if c := v.buf[v.pos]; c == ',' || c == ']' || c == '}' || isSpace(c) {
				switch n := v.pos - v.start; {
				case !v.large && n == 0:
					return ErrSyntax, nil
				case !v.large && n > v.limit:
					return ErrTooLarge, nil
				}
				return nil, nil
			}
			v.pos++
		}
		if v.pos-v.start > nameMax {
			return ErrSyntax, nil
		}
		if !v.fill() {
			return nil, errNeed
		}
	}
}
