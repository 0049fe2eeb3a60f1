package importer

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode/utf8"
)

// form is how a file is to be opened.
type form int

const (
	formSingle form = iota
	formZip
	formTar
	formGzip
)

// foreign are files that are no export of any kind, by their first bytes.
var foreign = []struct{ magic, what, hint string }{
	{"Rar!\x1a\x07", "a RAR archive", "unpack it and give the folder"},
	{"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it and give the folder"},
	{"\xfd7zXZ\x00", "an xz archive", "unpack it and give the folder"},
	{"BZh", "a bzip2 archive", "unpack it and give the folder"},
	{"\x28\xb5\x2f\xfd", "a Zstandard archive", "unpack it and give the folder"},
	{"%PDF-", "a PDF document", notExport},
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document", notExport},
	{"SQLite format 3\x00", "a database", notExport},
	{"\x89PNG", "a picture", notExport},
	{"\xff\xd8\xff", "a picture", notExport},
	{"GIF8", "a picture", notExport},
	{"\x7fELF", "a program", notExport},
	{"MZ", "a program", notExport},
	{"bplist00", "a property list", notExport},
	{"ID3", "a sound file", notExport},
	{"OggS", "a sound file", notExport},
	{"\x1a\x45\xdf\xa3", "a video", notExport},
	{"SIMPLE  =", "a data file", notExport},
}

const notExport = "give the archive that the platform sent you, as it was downloaded"

// sniff says how to open a file from its name, size and first bytes (up to
// 512), or why it cannot be an export.
func sniff(name string, size int64, head []byte) (form, error) {
	ext := strings.ToLower(path.Ext(name))
	switch {
	case size == 0:
		return 0, &HintError{Err: errors.New("the file is empty"), Hint: againHint}
	case ext == ".crdownload" || ext == ".part" || ext == ".download" || ext == ".partial":
		return 0, &HintError{Err: errors.New("the download has not finished"), Hint: "wait for it, or start it again"}
	case strings.HasPrefix(ext, ".crypt"):
		return 0, &HintError{Err: errors.New("it is an encrypted backup of WhatsApp"),
			Hint: "open each chat in WhatsApp and choose Export chat instead"}
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return formZip, nil
	case bytes.HasPrefix(head, []byte("PK\x07\x08")), bytes.HasPrefix(head, []byte("PK00PK")):
		return 0, errSpanned
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return formGzip, nil
	case isTar(head):
		return formTar, nil
	case len(head) >= 8 && string(head[4:8]) == "ftyp":
		return 0, wrongFile("a video or picture", notExport)
	}
	for _, f := range foreign {
		if bytes.HasPrefix(head, []byte(f.magic)) {
			return 0, wrongFile(f.what, f.hint)
		}
	}
	return sniffNamed(ext, head)
}

// sniffNamed judges a file without a known magic by what its name promises.
func sniffNamed(ext string, head []byte) (form, error) {
	blank := len(bytes.Trim(head, "\x00")) == 0
	switch {
	case blank:
		return 0, &HintError{Err: errors.New("it begins with zeros only, so the download looks incomplete"), Hint: againHint}
	case ext == ".zip" && looksHTML(head):
		return 0, &HintError{Err: errors.New("it is a web page, not a zip"),
			Hint: "sign in to the platform and download the archive again: the link may have run out"}
	case ext == ".zip":
		return formZip, nil // a program may come before it; the directory decides
	case ext == ".gz" || ext == ".tgz" || ext == ".tar":
		return 0, &HintError{Err: fmt.Errorf("it is not what its name says (%s)", ext), Hint: againHint}
	}
	return formSingle, nil
}

const againHint = "download it again"

var errSpanned = &HintError{
	Err:  errors.New("it is one piece of a zip that was cut into pieces"),
	Hint: "join the pieces with the program that made them, or download the export again",
}

func wrongFile(what, hint string) error {
	return &HintError{Err: fmt.Errorf("it is %s, not an export", what), Hint: hint}
}

func looksHTML(head []byte) bool {
	head = bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\ufeff"))))
	return bytes.HasPrefix(head, []byte("<!doctype html")) || bytes.HasPrefix(head, []byte("<html"))
}

// isTar looks for the magic of POSIX and GNU tars, or a sound checksum.
func isTar(head []byte) bool {
	return len(head) >= 263 && string(head[257:262]) == "ustar" && utf8.Valid(bytes.TrimRight(head[:100], "\x00"))
}

// office says which document a zip is, for zips that are documents.
func office(x *index) string {
	if _, ok := x.find("[Content_Types].xml"); ok {
		for _, d := range []struct{ dir, what string }{
			{"word/", "a Word document"}, {"xl/", "an Excel workbook"}, {"ppt/", "a PowerPoint presentation"},
		} {
			if i := x.from(d.dir); i < len(x.entries) && strings.HasPrefix(x.entries[i].name, d.dir) {
				return d.what
			}
		}
		return "an Office document"
	}
	if _, ok := x.find("mimetype"); ok {
		if _, ok := x.find("META-INF/manifest.xml"); ok {
			return "an OpenDocument file"
		}
		if _, ok := x.find("META-INF/container.xml"); ok {
			return "an e-book"
		}
	}
	if _, ok := x.find("META-INF/MANIFEST.MF"); ok {
		return "a Java or Android program"
	}
	return ""
}
