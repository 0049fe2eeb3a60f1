package importer

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lookback/store"

	"github.com/klauspost/compress/gzip"
)

// Archive is one export, open for reading. It may lie in several files, its
// parts; their members are then one tree. An Archive is used by one
// goroutine at a time.
type Archive struct {
	names []string // base names of the parts
	x     *index
	size  int64
	meter Meter
	done  int64 // bytes that the meter was told while opening
	open  *session
}

// Open opens the archive at path: a zip, a folder, a tar, a tar.gz, or a
// single file, which becomes an archive with one member. It never changes
// anything. Errors name the archive by its base name; most are a *HintError.
func Open(ctx context.Context, path string, m Meter) (*Archive, error) {
	return OpenParts(ctx, []string{path}, m)
}

// OpenParts opens the parts of one export as one archive. Group finds out
// which files belong together.
func OpenParts(ctx context.Context, paths []string, m Meter) (*Archive, error) {
	if len(paths) == 0 {
		return nil, errors.New("no archive was given")
	}
	a := newArchive(m, defaultLimits)
	for _, p := range paths {
		if err := a.addPath(ctx, p); err != nil {
			a.Close()
			return nil, err
		}
	}
	return a.finish(paths)
}

// OpenReader opens an archive that is not on a disk.
func OpenReader(ctx context.Context, name string, r io.ReaderAt, size int64, m Meter) (*Archive, error) {
	return openReader(ctx, name, r, size, m, defaultLimits)
}

func openReader(ctx context.Context, name string, r io.ReaderAt, size int64, m Meter, lim limits) (*Archive, error) {
	a := newArchive(m, lim)
	if err := a.addBlob(ctx, name, flatBlob{r, size}, nil); err != nil {
		return nil, explain(name, err)
	}
	return a.finish([]string{name})
}

// OpenFS opens a folder that is already an fs.FS.
func OpenFS(ctx context.Context, name string, fsys fs.FS, m Meter) (*Archive, error) {
	a := newArchive(m, defaultLimits)
	if err := readFolder(ctx, a.x, fsys, nil); err != nil {
		return nil, explain(name, bare(err))
	}
	return a.finish([]string{name})
}

func newArchive(m Meter, lim limits) *Archive {
	if m == nil {
		m = NoMeter
	}
	return &Archive{x: &index{lim: lim}, meter: m}
}

// addPath adds one part.
func (a *Archive) addPath(ctx context.Context, path string) error {
	name := baseName(path)
	info, err := os.Stat(path)
	if err != nil {
		return explain(name, bare(err))
	}
	switch {
	case info.IsDir():
		root, err := os.OpenRoot(path)
		if err != nil {
			return explain(name, bare(err))
		}
		if err := readFolder(ctx, a.x, root.FS(), root); err != nil {
			return explain(name, bare(err))
		}
		return nil
	case !info.Mode().IsRegular():
		return explain(name, &HintError{Err: errors.New("it is a device or a pipe"), Hint: "give a file or a folder"})
	}
	f, err := os.Open(path)
	if err != nil {
		return explain(name, bare(err))
	}
	file, err := newDiskFile(f)
	if err == nil {
		err = a.addBlob(ctx, name, flatBlob{f, file.size}, file)
	}
	if err != nil {
		f.Close()
		return explain(name, bare(err))
	}
	return nil
}

// addBlob adds a part that is a run of bytes.
func (a *Archive) addBlob(ctx context.Context, name string, b blob, file *diskFile) error {
	a.size += b.size()
	head, err := readRange(ctx, b, 0, min(b.size(), 512))
	if err != nil {
		return err
	}
	kind, err := sniff(name, b.size(), head)
	if err != nil {
		return err
	}
	switch kind {
	case formZip:
		err := readZip(ctx, a.x, b, file)
		if errors.Is(err, errNoDirectory) {
			return salvageZip(ctx, a.x, b, file)
		}
		return err
	case formTar:
		return readTar(ctx, a.x, b, file)
	case formGzip:
		return a.addGzip(ctx, name, b, file)
	}
	return readSingle(a.x, name, b, file)
}

// addGzip tells a gzipped tar from another gzipped file.
func (a *Archive) addGzip(ctx context.Context, name string, b blob, file *diskFile) error {
	rc, err := b.at(ctx, 0)
	if err != nil {
		return err
	}
	defer rc.Close()
	gz, err := gzip.NewReader(rc)
	if err != nil {
		return noEOF(err)
	}
	head := make([]byte, 512)
	n, err := io.ReadFull(gz, head)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		return err
	}
	if isTar(head[:n]) {
		a.done += b.size()
		return readTarGz(ctx, a.x, b, file, a.meter)
	}
	inner := strings.TrimSuffix(name, filepath.Ext(name))
	if strings.HasSuffix(strings.ToLower(name), ".tgz") {
		inner += ".tar"
	}
	if _, err := sniff(inner, max(int64(n), 1), head[:n]); err != nil {
		return err
	}
	return readGzip(ctx, a.x, inner, b, file)
}

// finish sorts the index and says what is wrong with the archive as a whole.
func (a *Archive) finish(paths []string) (*Archive, error) {
	for _, p := range paths {
		a.names = append(a.names, baseName(p))
	}
	a.x.finish()
	var err error
	switch what := office(a.x); {
	case what != "":
		err = wrongFile(what, notExport)
	case len(a.x.entries) == 0 && len(a.x.log.refused) > 0:
		err = &HintError{Err: errors.New("it holds nothing whose name can be used"),
			Hint: "it may be forged; " + againHint}
	case len(a.x.entries) == 0:
		err = &HintError{Err: errors.New("it is empty"), Hint: "ask the platform for the export again"}
	}
	if err != nil {
		a.Close()
		return nil, explain(a.Name(), err)
	}
	if a.size == 0 {
		for i := range a.x.entries {
			a.size += a.x.entries[i].size
		}
	}
	return a, nil
}

// explain turns what the readers found into a sentence that helps.
func explain(name string, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var hint *HintError
	if errors.As(err, &hint) {
		// The hint stands at the end of a sentence, once.
		text := strings.TrimSuffix(err.Error(), ": "+hint.Hint)
		return &HintError{Err: &named{name + ": " + text, err}, Hint: hint.Hint}
	}
	wrap := func(what, next string) error {
		return &HintError{Err: fmt.Errorf("%s: %s: %w", name, what, err), Hint: next}
	}
	var many errTooMany
	switch {
	case errors.Is(err, errEncrypted):
		return wrap("cannot be read", "unpack it with its password and give the folder")
	case errors.Is(err, errNoDirectory), errors.Is(err, errDirectory):
		return wrap("the download looks incomplete", againHint)
	case errors.As(err, &many):
		return wrap("cannot be read", "give the folder or file of the export itself")
	case isCut(err), errors.Is(err, io.EOF):
		return wrap("the file is damaged or incomplete", againHint)
	case errors.Is(err, fs.ErrNotExist):
		return wrap("cannot be opened", "check the spelling of its name")
	case errors.Is(err, fs.ErrPermission):
		return wrap("cannot be opened", "check that you may read it")
	}
	return fmt.Errorf("%s: %w", name, err)
}

// named is an error with a text of its own.
type named struct {
	text string
	err  error
}

func (e *named) Error() string { return e.text }
func (e *named) Unwrap() error { return e.err }

// baseName is what an archive is called in errors and in the store: never
// where on the disk it lies.
func baseName(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	return filepath.Base(path)
}

// Name returns the base name of the archive; with several parts, that of
// the first.
func (a *Archive) Name() string { return a.names[0] }

// Parts returns the base names of all parts.
func (a *Archive) Parts() []string { return slices.Clone(a.names) }

// Size returns the bytes of its files, or of all members of a folder.
func (a *Archive) Size() int64 { return a.size }

// FS returns the archive as a read-only file system. Folders are implied by
// the names of members; names are slash-separated, NFC, and stay inside.
func (a *Archive) FS() fs.FS {
	if a.open == nil {
		a.open = a.session(context.Background())
	}
	return &tree{x: a.x, s: a.open}
}

func (a *Archive) session(ctx context.Context) *session {
	packed := a.size
	if _, ok := a.x.sources[0].(*folderSource); ok {
		packed = 0
	}
	return &session{ctx: ctx, lim: a.x.lim, packed: packed}
}

// Notes returns what was odd about the archive itself: names that were
// refused, links, members that share a name.
func (a *Archive) Notes() []store.Note {
	return append(a.x.log.all(), missingParts(a.names)...)
}

// Digest returns a SHA-256, hex, that is equal for equal archives. Of a zip
// it covers the size and the table of contents, which holds name, size and
// CRC-32 of every member; of a folder path, size and time of every file and
// the content of the small ones; of any other file all its bytes.
func (a *Archive) Digest(ctx context.Context) (string, error) {
	var sums [][]byte
	for _, s := range a.x.sources {
		sum, err := s.digest(ctx)
		if err != nil {
			return "", explain(a.Name(), err)
		}
		sums = append(sums, sum)
	}
	if len(sums) == 1 {
		return hex.EncodeToString(sums[0]), nil
	}
	slices.SortFunc(sums, func(a, b []byte) int { return cmp.Compare(string(a), string(b)) })
	all := sha256.New()
	fmt.Fprint(all, "lookback parts 1\n")
	for _, sum := range sums {
		all.Write(sum)
	}
	return hex.EncodeToString(all.Sum(nil)), nil
}

// ErrChanged is in the chain of the error of an archive that somebody wrote to
// while it was read.
var ErrChanged = errors.New("the archive changed while it was read")

// errChanged says that somebody wrote to the archive while it was read.
func (a *Archive) errChanged() error {
	for _, s := range a.x.sources {
		if s.changed() {
			return &HintError{Err: fmt.Errorf("%s: %w", a.Name(), ErrChanged),
				Hint: "wait until the download or copy is done and import it again"}
		}
	}
	return nil
}

// Close closes the archive's files.
func (a *Archive) Close() error {
	if a.open != nil {
		a.open.close()
	}
	var errs []error
	for _, s := range a.x.sources {
		errs = append(errs, s.close())
	}
	return errors.Join(errs...)
}
