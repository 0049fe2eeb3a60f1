package report

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"lookback/store"
)

// fileMode is the mode of every report under any umask: the posts of a
// person are for that person's eyes.
const fileMode fs.FileMode = 0o600

// bufferSize is what a writer gathers before it writes.
const bufferSize = 64 << 10

// WriteFile writes a report to path so that a reader sees the old report or
// the whole new one and nothing between: it writes a temporary file in the
// same folder, syncs it and renames it. After any error the old report is as
// it was and no temporary file is left. The folder must exist. A path that is
// a device or a pipe, such as /dev/stdout, is written to directly.
func WriteFile(path string, wr Writer, sum store.Summary, rows iter.Seq2[store.Row, error]) error {
	target, direct, err := resolve(path)
	if err != nil {
		return err
	}
	if direct {
		err = writeDevice(target, wr, sum, rows)
	} else {
		err = replace(target, wr, sum, rows)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", filepath.Base(path), err)
	}
	return nil
}

// resolve follows links, so that the file a link names is replaced and not
// the link, and says whether path must be written to directly.
func resolve(path string) (target string, direct bool, err error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("looking at the report's place: %w", err)
	}
	if info.IsDir() {
		return "", false, fmt.Errorf("writing %s: it is a folder: name a file in it", filepath.Base(path))
	}
	if !info.Mode().IsRegular() {
		return path, true, nil
	}
	if target, err = filepath.EvalSymlinks(path); err != nil {
		return "", false, fmt.Errorf("looking at the report's place: %w", err)
	}
	return target, false, nil
}

func writeDevice(path string, wr Writer, sum store.Summary, rows iter.Seq2[store.Row, error]) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(writeBuffered(f, wr, sum, rows), f.Close())
}

func replace(path string, wr Writer, sum store.Summary, rows iter.Seq2[store.Row, error]) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return err
	}
	hold(f)
	sweep(dir, filepath.Base(path))
	if err := fill(f, wr, sum, rows); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncDir(dir)
}

// sweep removes what a process that was killed while it wrote this report has
// left: it holds posts.
func sweep(dir, base string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return // a folder that may be written to but not listed
	}
	for _, e := range entries {
		name := e.Name()
		random, ours := strings.CutPrefix(strings.TrimSuffix(name, ".tmp"), "."+base+".")
		if !ours || !strings.HasSuffix(name, ".tmp") || strings.Trim(random, "0123456789") != "" || !e.Type().IsRegular() {
			continue
		}
		if path := filepath.Join(dir, name); abandoned(path) {
			_ = os.Remove(path) // whoever cannot be removed is tried again next time
		}
	}
}

// fill writes, syncs and closes f, whatever happens.
func fill(f *os.File, wr Writer, sum store.Summary, rows iter.Seq2[store.Row, error]) error {
	err := f.Chmod(fileMode) // CreateTemp asks for 0600, but an umask may take bits away
	if err == nil {
		err = writeBuffered(f, wr, sum, rows)
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func writeBuffered(w io.Writer, wr Writer, sum store.Summary, rows iter.Seq2[store.Row, error]) error {
	buf := bufio.NewWriterSize(w, bufferSize)
	if err := wr.Write(buf, sum, rows); err != nil {
		return err
	}
	return buf.Flush()
}

// syncDir makes the rename itself last. Windows cannot sync a folder and does
// not need to.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
