package synth

import "strconv"

// pretty writes JSON the way X's archives print it: two spaces a level, a
// space on both sides of the colon, "[ ]" for an empty list. It appends to
// one buffer that the caller empties.
type pretty struct {
	buf   []byte
	depth int
	first bool // nothing yet in the open object or list
}

func (p *pretty) item() {
	if !p.first {
		p.buf = append(p.buf, ',')
	}
	p.first = false
	p.line()
}

func (p *pretty) line() {
	p.buf = append(p.buf, '\n')
	for range p.depth {
		p.buf = append(p.buf, "  "...)
	}
}

// key begins a member of the open object; "" begins an item of a list.
func (p *pretty) key(k string) {
	if p.depth > 0 {
		p.item()
	}
	if k != "" {
		p.quote(k)
		p.buf = append(p.buf, " : "...)
	}
}

func (p *pretty) open(k string, c byte) {
	p.key(k)
	p.buf = append(p.buf, c)
	p.depth++
	p.first = true
}

func (p *pretty) close(c byte) {
	p.depth--
	if p.first {
		p.buf = append(p.buf, ' ', c)
	} else {
		p.line()
		p.buf = append(p.buf, c)
	}
	p.first = false
}

// object and list write a member whose content f writes.
func (p *pretty) object(k string, f func()) { p.open(k, '{'); f(); p.close('}') }
func (p *pretty) list(k string, f func())   { p.open(k, '['); f(); p.close(']') }

func (p *pretty) str(k, v string) { p.key(k); p.quote(v) }
func (p *pretty) num(k string, v int64) {
	p.key(k)
	p.buf = append(p.buf, '"')
	p.buf = strconv.AppendInt(p.buf, v, 10)
	p.buf = append(p.buf, '"')
}
func (p *pretty) bool(k string, v bool) {
	p.key(k)
	p.buf = strconv.AppendBool(p.buf, v)
}

// strs is a list of strings.
func (p *pretty) strs(k string, vs ...string) {
	p.list(k, func() {
		for _, v := range vs {
			p.str("", v)
		}
	})
}

func (p *pretty) quote(s string) {
	const hex = "0123456789abcdef"
	p.buf = append(p.buf, '"')
	from := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		p.buf = append(p.buf, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			p.buf = append(p.buf, '\\', c)
		case '\n':
			p.buf = append(p.buf, '\\', 'n')
		default:
			p.buf = append(p.buf, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	p.buf = append(append(p.buf, s[from:]...), '"')
}
