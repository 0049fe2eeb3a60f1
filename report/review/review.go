// Package review shows flagged posts one at a time in the terminal and takes
// decisions about them with single keys.
//
// It never posts or removes anything, opens no socket, and lets nothing that a
// person wrote command the terminal: every text is made harmless first.
package review

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	tea "github.com/charmbracelet/bubbletea"

	"lookback/store"
)

// Reader gives what is flagged. *store.Store is one.
type Reader interface {
	// Findings returns flagged posts, the most serious first.
	Findings(ctx context.Context, flt store.Filter) iter.Seq2[store.Row, error]
	// Targets returns what can be decided about.
	Targets(ctx context.Context, flt store.Filter, whole bool) ([]store.Target, error)
	// SameWords returns findings with the same words in other posts.
	SameWords(ctx context.Context, t store.Target) ([]store.Target, error)
	// Thread returns at most most posts of a conversation on either side.
	Thread(ctx context.Context, post int64, most int) (store.Thread, error)
	// History returns the last changes, the latest first.
	History(ctx context.Context, limit int) ([]store.Change, error)
}

// Decider keeps decisions. *store.Store is one.
type Decider interface {
	// Decide stores decisions, all or none.
	Decide(ctx context.Context, list []store.Decision) (store.Change, error)
	// Undo takes the last change back that was not undone yet.
	Undo(ctx context.Context) (store.Change, error)
}

// Options are what a review is made of.
type Options struct {
	Reader  Reader
	Decider Decider
	Summary store.Summary // names of standards and themes
	Filter  store.Filter  // what to review; the filter that is typed comes on top
	Names   Names         // what a typed filter can name
	All     bool          // pass over nothing, also where it is decided
	Color   bool
}

// Run shows the review on a terminal until the person quits, and says how many
// posts were decided about.
func Run(ctx context.Context, opt Options, in io.Reader, out io.Writer) (Result, error) {
	m := New(ctx, opt)
	if m.err != nil {
		return Result{}, m.err
	}
	p := tea.NewProgram(m, tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(out), tea.WithAltScreen(), tea.WithoutSignalHandler())
	end, err := p.Run()
	if ctx.Err() != nil {
		return Result{}, ctx.Err()
	}
	if err != nil && !errors.Is(err, tea.ErrProgramKilled) {
		return Result{}, fmt.Errorf("showing the review: %w", err)
	}
	if last, ok := end.(*Model); ok {
		m = last
	}
	return m.Result(), m.err
}

// Result says what a review came to.
type Result struct {
	Posts   int // chosen by the last filter
	Left    int // of these, undecided
	Changes int // decisions made and not undone
}
