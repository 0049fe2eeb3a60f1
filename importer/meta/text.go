// Package meta holds what the exports of Meta's products have in common:
// Facebook, Instagram and Threads write their text, their times, their generic
// records and their pages in the same ways.
//
// It decodes. It knows no platform's files, gives nothing to a store, and no
// error of it holds anything of what was read.
package meta

import (
	"strings"
	"unicode/utf8"

	"lookback/importer/jsonstream"
	"lookback/importer/pattern"
)

// Repair undoes what Meta's JSON does to text: each byte of the UTF-8 is
// written as a character of its own. A string with a character above U+00FF,
// or whose bytes would not be UTF-8, is right already and stays as it is.
//
// A string is repaired once, where it is read. Somebody who writes about
// mojibake has text that a second repair would change.
func Repair(s string) string {
	high := false
	for _, c := range s {
		if c > 0xFF {
			return s
		}
		high = high || c >= 0x80
	}
	if !high {
		return s
	}
	raw := make([]byte, 0, len(s))
	for _, c := range s {
		raw = append(raw, byte(c))
	}
	if !utf8.Valid(raw) {
		return s
	}
	return string(raw)
}

// Text takes the next JSON value as repaired text; see jsonstream.Text.
func Text(d *jsonstream.Decoder, p *string) error {
	if d.PeekKind() != '"' {
		return jsonstream.Text(d, p)
	}
	err := jsonstream.Text(d, p)
	*p = Repair(*p)
	return err
}

var mention = pattern.New(`@\[\d+:\d*:([^\[\]]*)\]`)

// Words returns text as its readers saw it: mentions as names, line ends of
// one kind, nothing around it.
func Words(s string) string {
	if strings.Contains(s, "@[") {
		s = mention.ReplaceAllString(s, "$1")
	}
	if strings.Contains(s, "\r") {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return strings.TrimSpace(s)
}

// Squash is text for comparing: exports differ in how they break lines.
func Squash(s string) string { return strings.Join(strings.Fields(s), " ") }
