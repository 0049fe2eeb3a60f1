package report

import (
	"bufio"
	"io"
	"iter"
	"strings"

	"lookback/store"
)

// DeleteColumns are the columns of the delete-csv format, in order. There is
// one record for each post, in the order of the rows, written as the csv
// format is.
//
//	id        the platform's own id of the post, where its key has one
//	link      the post's address; empty unless http or https
//	platform  for example x
//	account   handle without @, else the name or number
//	kind      post, reply, repost, quote, like, comment, dm, bio or alt
//	date      as in the csv format
var DeleteColumns = []string{"id", "link", "platform", "account", "kind", "date"}

// deleteCSVWriter writes a list of posts for tools that delete them.
type deleteCSVWriter struct{ bom bool }

// Write implements [Writer].
func (d deleteCSVWriter) Write(w io.Writer, _ store.Summary, rows iter.Seq2[store.Row, error]) error {
	out := beginCSV(w, d.bom, DeleteColumns)
	var rec csvRecord
	n := 0
	for row, err := range rows {
		if err != nil {
			return rowError(n, err)
		}
		n++
		rec.buf = rec.buf[:0]
		for _, c := range []string{nativeID(row.Post.Key), safeLink(row.Post.URL), row.Account.Platform, accountCell(&row.Account), string(row.Post.Kind), isoTime(&row.Post)} {
			rec.cell(c)
		}
		// cell puts a comma before each.
		if _, err := out.Write(append(rec.buf[1:], '\r', '\n')); err != nil {
			return err
		}
	}
	return out.Flush()
}

// nativeID is what follows the scope in a post's key: the platform's own id.
func nativeID(key string) string {
	_, id, ok := strings.Cut(key, ":")
	if !ok {
		return key
	}
	return id
}

// xIDsWriter writes the ids of posts on X, one a line, as tools that delete
// tweets read them: posts, replies, quotes and reposts of the account itself.
// What was liked has ids of other people's posts, and is left out.
type xIDsWriter struct{}

// Write implements [Writer].
func (xIDsWriter) Write(w io.Writer, _ store.Summary, rows iter.Seq2[store.Row, error]) error {
	out := bufio.NewWriterSize(w, bufferSize)
	n := 0
	for row, err := range rows {
		if err != nil {
			return rowError(n, err)
		}
		n++
		id, ok := strings.CutPrefix(row.Post.Key, "tweet:")
		if row.Account.Platform != "x" || !ok || id == "" || strings.Trim(id, "0123456789") != "" {
			continue
		}
		if _, err := out.WriteString(id + "\n"); err != nil {
			return err
		}
	}
	return out.Flush()
}
