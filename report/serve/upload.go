package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"lookback/report"
)

const (
	mostFiles = 500      // in one upload
	mostName  = 120      // bytes of a file's name
	copyStep  = 1 << 20  // bytes between two looks at the limit
	mostField = 64 << 10 // bytes of a field that is no file
	portions  = 2        // an upload may take one of so many portions of the free space: the store needs room too
)

// intake reads one upload at a time.
type intake struct {
	mu       sync.Mutex
	running  bool
	ever     bool
	stage    string
	total    int64
	done     int64
	outcomes []Outcome
	err      error
	rounds   int // grows with every change that a page shows
}

func (in *intake) busy() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.running
}

// begin takes the intake, unless it is taken.
func (in *intake) begin() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.running {
		return false
	}
	in.running, in.ever, in.stage, in.total, in.done = true, true, "Copying", 0, 0
	in.outcomes, in.err = nil, nil
	in.rounds++
	return true
}

func (in *intake) end(list []Outcome, err error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.running, in.outcomes, in.err = false, list, err
	in.rounds++
}

// drop forgets an upload that came to nothing.
func (in *intake) drop() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.running, in.ever = false, false
	in.rounds++
}

// Stage implements Progress.
func (in *intake) Stage(what string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.stage, in.total, in.done = what, 0, 0
	in.rounds++
}

// Total implements Progress.
func (in *intake) Total(n int64) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.total = n
	in.rounds++
}

// Add implements Progress.
func (in *intake) Add(n int64) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.done += n
	in.rounds++
}

// newsFile is how far the reading is.
type newsFile struct {
	Stage   string `json:"stage"`
	Percent int    `json:"percent"` // -1 where it cannot be known
	Running bool   `json:"running"`
}

func (in *intake) news() (f *newsFile, rounds int) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if !in.ever {
		return nil, in.rounds
	}
	f = &newsFile{Stage: report.SafeLine(in.stage), Percent: -1, Running: in.running}
	if in.total > 0 {
		f.Percent = int(min(100, 100*in.done/in.total))
	}
	return f, in.rounds
}

type importView struct {
	frame
	News     *newsFile
	Outcomes []outcomeView
	Failed   string
	Hint     string
}

type outcomeView struct {
	Archive string
	Facts   []string
	Failed  bool
	Hint    string
}

// importing shows how far the reading is, and at the end what became of it.
func (s *Server) importing(w http.ResponseWriter, r *http.Request) error {
	v, err := s.book.now(r.Context())
	if err != nil {
		return err
	}
	p := importView{frame: s.frame(r, "Add archives", "import", v)}
	p.News, _ = s.intake.news()
	p.Room = s.freeRoom()
	s.intake.mu.Lock()
	outcomes, failure := s.intake.outcomes, s.intake.err
	s.intake.mu.Unlock()
	for _, o := range outcomes {
		x := outcomeView{Archive: report.SafeLine(o.Archive), Failed: o.Failed, Hint: report.SafeLine(o.Hint)}
		for _, f := range o.Facts {
			x.Facts = append(x.Facts, report.SafeLine(f))
		}
		p.Outcomes = append(p.Outcomes, x)
	}
	if failure != nil {
		p.Failed = title(report.SafeLine(failure.Error())) + "."
		if errors.Is(failure, context.Canceled) {
			p.Failed = "Reading was broken off. Give the archives again to go on."
		}
	}
	write(w, http.StatusOK, "import", p)
	return nil
}

// upload copies the files of a form to a private folder and has them read
// while the page shows how far that is.
func (s *Server) upload(w http.ResponseWriter, r *http.Request) error {
	parts, err := r.MultipartReader()
	if err != nil {
		return &pageError{http.StatusBadRequest, "Not read", "No file came with the form."}
	}
	if !s.intake.begin() {
		return &pageError{http.StatusConflict, "Not now", "Other archives are being read. Add these when that is done."}
	}
	dir, err := os.MkdirTemp(s.opt.TempDir, "lookback-upload-")
	if err != nil {
		s.intake.drop()
		return &pageError{http.StatusInternalServerError, "Not read", "No temporary folder could be made."}
	}
	up := &received{dir: filepath.Join(dir, "upload")} // several files can be one export, which is named so
	if up.left, err = s.room(dir, r.ContentLength); err == nil {
		err = up.take(parts, s.guard)
	}
	if err == nil && len(up.files) == 0 {
		err = &pageError{http.StatusBadRequest, "Not read", "No file was chosen."}
	}
	if err != nil {
		s.intake.drop()
		return errors.Join(err, remove(dir))
	}
	s.working.Go(func() {
		list, err := s.opt.Desk.Import(s.stop, up.dir, up.files, up.how, &s.intake)
		s.intake.end(list, errors.Join(err, remove(dir)))
	})
	http.Redirect(w, r, "/import", http.StatusSeeOther)
	return nil
}

// remove deletes an upload, without its path in the error.
func remove(dir string) error {
	if os.RemoveAll(dir) != nil {
		return errors.New("the copy of the upload in the temporary folder could not be deleted: delete " + filepath.Base(dir) + " there yourself")
	}
	return nil
}

// freeRoom is room for a page, so that it can say at once what is too large.
func (s *Server) freeRoom() int64 {
	dir := s.opt.TempDir
	if dir == "" {
		dir = os.TempDir()
	}
	most, err := s.room(dir, -1)
	if err != nil || most == unknownRoom {
		return 0
	}
	return most
}

// unknownRoom stands where nobody can tell: the disk itself will.
const unknownRoom = 1 << 62

// room is how many bytes an upload may have; size is what it announces, -1
// where it does not.
func (s *Server) room(dir string, size int64) (int64, error) {
	most := s.opt.MaxUpload
	if most <= 0 && s.opt.Free != nil {
		free, err := s.opt.Free(dir)
		if err == nil {
			most = free / portions
		}
	}
	if most <= 0 {
		most = unknownRoom
	}
	if size > most {
		return 0, errTooLarge
	}
	return most, nil
}

var errTooLarge = &pageError{http.StatusRequestEntityTooLarge, "Too large",
	"There is not enough free space for a copy of these files. Free some, or read them without a copy: lookback audit ARCHIVE."}

// received is an upload on disk.
type received struct {
	dir   string
	left  int64 // bytes that may still come
	files []string
	how   Reading
	known bool // the form's own field came first
}

// take streams the parts of a form to disk. The field that shows that the form
// is ours must come before the first file.
func (u *received) take(parts *multipart.Reader, g *guard) error {
	if os.Mkdir(u.dir, 0o700) != nil {
		return &pageError{http.StatusInternalServerError, "Not read", "No temporary folder could be made."}
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return &pageError{http.StatusBadRequest, "Not read", "The files did not come through whole. Try again."}
		}
		if part.FileName() == "" {
			err = u.field(part, g)
		} else if !u.known {
			err = &pageError{http.StatusForbidden, "Not read", "This form is from an earlier run of lookback. Load the page anew and try again."}
		} else {
			err = u.file(part)
		}
		if err != nil {
			return err
		}
	}
}

func (u *received) field(part *multipart.Part, g *guard) error {
	b, err := io.ReadAll(io.LimitReader(part, mostField))
	if err != nil {
		return &pageError{http.StatusBadRequest, "Not read", "The form did not come through whole. Try again."}
	}
	value := strings.TrimSpace(string(b))
	switch part.FormName() {
	case "form":
		u.known = same(value, g.form)
	case "messages":
		u.how.Messages = value != ""
	case "me":
		u.how.Me = value
	case "accounts":
		u.how.Accounts = strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\r' })
	}
	return nil
}

func (u *received) file(part *multipart.Part) error {
	if len(u.files) >= mostFiles {
		return &pageError{http.StatusRequestEntityTooLarge, "Too many files", "At most " + strconv.Itoa(mostFiles) + " files can be added at once."}
	}
	path, err := u.place(part.FileName())
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return &pageError{http.StatusInternalServerError, "Not read", "A file could not be copied to the temporary folder."}
	}
	if err := errors.Join(u.copy(f, part), f.Close()); err != nil {
		return err
	}
	u.files = append(u.files, path)
	return nil
}

// place is where a file goes: under its own name, by which parts of one export
// are known, and in a folder of its own where that name is taken.
func (u *received) place(name string) (string, error) {
	path := filepath.Join(u.dir, safeName(name))
	if _, err := os.Lstat(path); err != nil {
		return path, nil
	}
	dir, err := os.MkdirTemp(u.dir, "same-name-")
	if err != nil {
		return "", &pageError{http.StatusInternalServerError, "Not read", "A file could not be copied to the temporary folder."}
	}
	return filepath.Join(dir, safeName(name)), nil
}

// safeName is the last part of a file's name as a browser gave it, with
// nothing in it that means something to a file system.
func safeName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == utf8.RuneError || strings.ContainsRune(`<>:"|?*`, r) {
			return '_'
		}
		return r
	}, name)
	if ext := filepath.Ext(name); len(name) > mostName && len(ext) < 10 {
		name = strings.ToValidUTF8(name[:mostName-len(ext)], "") + ext
	} else if len(name) > mostName {
		name = strings.ToValidUTF8(name[:mostName], "")
	}
	// Windows has names for devices, which are not local.
	if name = strings.TrimRight(name, ". "); name == "" || !filepath.IsLocal(name) {
		return "upload"
	}
	return name
}

// copy copies a file as long as there is room.
func (u *received) copy(f *os.File, part io.Reader) error {
	for {
		n, err := io.CopyN(f, part, min(copyStep, u.left+1))
		if u.left -= n; u.left < 0 {
			return errTooLarge
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			var pe *os.PathError
			if errors.As(err, &pe) {
				return &pageError{http.StatusInsufficientStorage, "Not read", fmt.Sprintf("A file could not be copied to the temporary folder: %v.", pe.Err)}
			}
			return &pageError{http.StatusBadRequest, "Not read", "The files did not come through whole. Try again."}
		}
	}
}
