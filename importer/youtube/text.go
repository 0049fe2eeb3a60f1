package youtube

import (
	"strings"

	"lookback/importer/jsonstream"
)

// cellText reads the text of a comment. It is JSON in one of three forms: an
// object with a list of segments, or objects with commas between them but no
// brackets around, or a single one of these; or it is plain text. Line breaks
// inside the strings stand as they are, which JSON does not allow. ok is
// false for nothing at all.
func cellText(cell string) (text string, ok bool) {
	trimmed := strings.TrimSpace(cell)
	if trimmed == "" {
		return "", false
	}
	if !textCell.MatchString(trimmed) {
		return cell, true
	}
	var b strings.Builder
	err := jsonstream.Value(strings.NewReader("["+escapeBreaks(trimmed)+"]"), int64(6*len(cell)+16), func(d *jsonstream.Decoder) error {
		err := jsonstream.List(d, func() error { return segment(d, &b) })
		if err != nil {
			return err
		}
		if !d.AtEnd() {
			return jsonstream.ErrSyntax
		}
		return nil
	})
	if err != nil {
		return cell, true
	}
	return b.String(), true
}

// segment adds the text of one object.
func segment(d *jsonstream.Decoder, b *strings.Builder) error {
	var text, link string
	err := jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "text":
			return jsonstream.Text(d, &text)
		case "takeoutSegments":
			return jsonstream.List(d, func() error { return segment(d, b) })
		case "link":
			return jsonstream.Object(d, func(name []byte) error {
				if string(name) == "linkUrl" {
					return jsonstream.Text(d, &link)
				}
				return jsonstream.Skip(d)
			})
		}
		return jsonstream.Skip(d)
	})
	// Long addresses are shown cut.
	if cut := strings.TrimSuffix(strings.TrimSuffix(text, "..."), "…"); cut != text && link != "" && strings.HasPrefix(text, "http") {
		text = link
	}
	b.WriteString(text)
	return err
}

// escapeBreaks writes the control characters inside JSON strings as escapes.
func escapeBreaks(s string) string {
	if !strings.ContainsAny(s, "\n\r\t") {
		return s
	}
	var b strings.Builder
	quote := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quote && i+1 < len(s):
			b.WriteByte(c)
			i++
			b.WriteByte(s[i])
		case c == '"':
			quote = !quote
			b.WriteByte(c)
		case quote && c == '\n':
			b.WriteString(`\n`)
		case quote && c == '\r':
			b.WriteString(`\r`)
		case quote && c == '\t':
			b.WriteString(`\t`)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
