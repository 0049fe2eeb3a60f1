package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"lookback/report"

	"github.com/spf13/cobra"
)

func newVerifyCommand(t *terminal) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "verify FILE",
		Short: "Check that a record is as it was made, and show it",
		Long: `Verify reads a record that lookback report --format record wrote, says whether
it is as it was when its SHA-256 was made, and shows it. A - reads standard
input. No store is needed.

What is hashed is the record's canonical JSON (RFC 8785: members sorted by
name, no blanks) without the member sha256, so that blanks and line breaks
change nothing and everything else does.

A SHA-256 shows that a record was changed by accident or by somebody who did
not know of it. It does not show who made the record, when, or that it is
true: whoever changes it can make a new hash. It is worth most where the hash
was noted elsewhere on the day, for example in an e-mail to a tutor.

Exit codes:
  0    intact
  1    the file is not a record, or cannot be read
  2    the command was not understood
  3    changed since it was made`,
		Example: example("lookback verify record.json", "lookback report --format record | lookback verify -"),
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageHint("lookback report --format record --out record.json writes one", "name one record to verify")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return runVerify(t, args[0], asJSON) },
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

func runVerify(t *terminal, path string, asJSON bool) error {
	v, err := readRecordFile(t.in, path)
	if err != nil {
		return err
	}
	if asJSON {
		err = t.json(struct {
			Intact bool   `json:"intact"`
			Stated string `json:"sha256_stated"`
			Is     string `json:"sha256"`
		}{v.Intact(), v.SHA256, v.Is})
	} else {
		err = report.WriteRecord(t.out, v, report.Options{Color: t.color, Width: t.width})
	}
	if err == nil && !v.Intact() {
		err = &exitError{code: exitFindings}
	}
	return err
}

func readRecordFile(in io.Reader, path string) (v *report.Verified, err error) {
	name := "standard input"
	if path != "-" {
		name = filepath.Base(path)
		f, err := os.Open(path)
		if err != nil {
			return nil, &hintError{fmt.Errorf("reading %s: %w", name, err), "give the file that lookback report --format record wrote"}
		}
		defer f.Close()
		in = f
	}
	v, err = report.ReadRecord(in)
	if errors.Is(err, report.ErrNotARecord) {
		return nil, &hintError{fmt.Errorf("reading %s: %w", name, err),
			"give the file that lookback report --format record wrote, as it was written; other reports cannot be verified"}
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return v, nil
}
