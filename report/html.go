package report

import (
	"io"
	"iter"

	"lookback/store"
)

type htmlWriter struct{}

func (htmlWriter) Write(w io.Writer, sum store.Summary, rows iter.Seq2[store.Row, error]) error {
	return nil
}
