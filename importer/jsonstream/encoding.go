package jsonstream

import (
	"bytes"
	"errors"
	"io"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
)

// NewUTF8Reader returns the text of r without a byte order mark. With a mark
// of UTF-16 it is converted, as an editor on Windows may have saved it, and
// utf16 is true.
func NewUTF8Reader(r io.Reader) (text io.Reader, utf16 bool, err error) {
	head := make([]byte, 3)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, false, err
	}
	head = head[:n]
	all := io.MultiReader(bytes.NewReader(head), r)
	var enc encoding.Encoding
	switch {
	case bytes.Equal(head, []byte{0xEF, 0xBB, 0xBF}):
		return r, false, nil
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		enc = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		enc = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	default:
		return all, false, nil
	}
	return enc.NewDecoder().Reader(all), true, nil
}
