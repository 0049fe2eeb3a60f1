package importer_test

import (
	"strings"
	"testing"

	"lookback/importer/importertest"
)

func TestWrongFiles(t *testing.T) {
	zipped := func(names ...string) string {
		var files []file
		for _, n := range names {
			files = append(files, text(n, "x"))
		}
		return string(importertest.Zip(files...))
	}
	for _, c := range []struct{ name, data, want string }{
		{"a.rar", "Rar!\x1a\x07\x01\x00", "RAR archive"},
		{"a.zip", "Rar!\x1a\x07\x01\x00", "RAR archive"},
		{"a.7z", "7z\xbc\xaf\x27\x1c\x00", "7-Zip archive"},
		{"a.tar.xz", "\xfd7zXZ\x00", "xz archive"},
		{"a.tar.bz2", "BZh91AY", "bzip2 archive"},
		{"a.pdf", "%PDF-1.7", "PDF document"},
		{"a.doc", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office document"},
		{"a.db", "SQLite format 3\x00", "a database"},
		{"a.jpg", "\xff\xd8\xff\xe0", "a picture"},
		{"a.mp4", "\x00\x00\x00\x18ftypmp42", "a video or picture"},
		{"a.exe", "MZ\x90\x00", "a program"},
		{"a.docx", zipped("[Content_Types].xml", "word/document.xml"), "a Word document"},
		{"a.xlsx", zipped("[Content_Types].xml", "xl/workbook.xml"), "an Excel workbook"},
		{"a.pptx", zipped("[Content_Types].xml", "ppt/presentation.xml"), "a PowerPoint presentation"},
		{"a.vsdx", zipped("[Content_Types].xml", "visio/x.xml"), "an Office document"},
		{"a.odt", zipped("mimetype", "META-INF/manifest.xml", "content.xml"), "an OpenDocument file"},
		{"a.epub", zipped("mimetype", "META-INF/container.xml"), "an e-book"},
		{"a.apk", zipped("META-INF/MANIFEST.MF", "classes.dex"), "a Java or Android program"},
		{"a.zip", "<!DOCTYPE html><title>Sign in</title>", "it is a web page, not a zip"},
		{"a.zip", "PK\x07\x08abcdef", "one piece of a zip"},
		{"a.zip", strings.Repeat("\x00", 1000), "zeros only"},
		{"a.zip", "this is no zip", "incomplete"},
		{"a.tar.gz", "this is no gzip", "not what its name says"},
		{"a.tar.gz", "\x1f\x8b\x08", "damaged or incomplete"},
		{"a.crdownload", "PK\x03\x04", "has not finished"},
		{"msgstore.db.crypt14", "\x01\x02", "encrypted backup of WhatsApp"},
		{"a.json", "", "the file is empty"},
		{"a.gz", string(importertest.Gzip([]byte("%PDF-1.7"))), "PDF document"},
	} {
		t.Run(c.name+" "+c.want, func(t *testing.T) {
			wantHint(t, openErr(t, c.name, []byte(c.data)), c.name+": ", c.want)
		})
	}
}

func TestSingleFiles(t *testing.T) {
	for name, data := range map[string]string{
		"comments.csv": "id,permalink", "repo.car": "\x3a\xa2eroots", "_chat.txt": "[01/02/20, 10:00:00] A: x",
		"user_data.json": "{}", "archive.html": "<!DOCTYPE html>",
	} {
		if got := content(t, open(t, name, []byte(data)).FS()); got[name] != data {
			t.Errorf("%s: %v", name, got)
		}
	}
}
