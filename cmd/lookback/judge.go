package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"lookback/store"

	"github.com/spf13/cobra"
)

// judgeOptions choose a language model for second opinions; scan, audit and
// check have them.
type judgeOptions struct {
	url, model, scope string
	remote            bool
	timeout           time.Duration
	workers           int
}

// The posts that a judge is asked about.
const (
	scopeDoubtful = "doubtful"
	scopeFlagged  = "flagged"
	scopeAll      = "all"
)

func (o *judgeOptions) AddFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.url, "judge", "", "the `URL` of a language model of your own that gives second opinions, for example http://localhost:11434/v1")
	f.StringVar(&o.model, "judge-model", "", "the `name` of that model")
	f.StringVar(&o.scope, "judge-scope", scopeDoubtful, "which posts it is asked about: doubtful, flagged or all")
	f.IntVar(&o.workers, "judge-workers", 2, "how many posts it is asked about at once")
	f.DurationVar(&o.timeout, "judge-timeout", 2*time.Minute, "how long to wait for one answer")
	f.BoolVar(&o.remote, "judge-allow-remote", false, "let posts go to a model on another computer")
}

// wanted says whether a judge is to be asked.
func (o *judgeOptions) wanted() bool { return o.url != "" || o.model != "" }

// checkFlags says what is wrong with the flags, whichever the build.
func (o *judgeOptions) checkFlags() error {
	const hint = "say for example: --judge http://localhost:11434/v1 --judge-model llama3.2"
	switch {
	case !o.wanted() && (o.remote || o.scope != scopeDoubtful):
		return usageHint(hint, "no judge is named")
	case !o.wanted():
		return nil
	case o.url == "" || o.model == "":
		return usageHint(hint, "--judge and --judge-model go together")
	case !slices.Contains([]string{scopeDoubtful, scopeFlagged, scopeAll}, o.scope):
		return usageHint("choose one of doubtful, flagged, all", "--judge-scope %q is not one", o.scope)
	case o.workers < 1 || o.workers > 64:
		return usageHint("choose a number from 1 to 64", "--judge-workers %d is not possible", o.workers)
	case o.timeout <= 0:
		return usageHint("choose a time such as 30s or 5m", "--judge-timeout %s is not possible", o.timeout)
	}
	return nil
}

// inScope says whether the judge is asked about a post. strongest is the
// confidence of its strongest finding, 0 where there is none.
func (o *judgeOptions) inScope(strongest float64, doubtful func() bool) bool {
	switch o.scope {
	case scopeAll:
		return true
	case scopeFlagged:
		return strongest > 0
	}
	return doubtful()
}

// opinionCounts are what came of asking a judge, also as JSON.
type opinionCounts struct {
	Model    string `json:"model"`
	Scope    string `json:"scope"`
	Posts    int    `json:"posts"`    // in the scope
	Known    int    `json:"known"`    // answered before
	Given    int    `json:"given"`    // opinions given now, also for posts with the same text
	Unusable int    `json:"unusable"` // answers that could not be used
	Silent   int    `json:"silent"`   // posts without an answer
	Left     int    `json:"left"`     // not asked about, because the judge failed
	failed   error
}

// outcome is the error that a command ends with because of the judge: nil when
// every post has its opinion.
func (c *opinionCounts) outcome() error {
	if c == nil || c.failed == nil && c.Unusable+c.Silent == 0 {
		return nil
	}
	return &exitError{code: exitUnread}
}

// sayOpinions sums up what a judge said.
func (t *terminal) sayOpinions(c *opinionCounts) {
	if c == nil {
		return
	}
	t.say("Second opinions by %s: %s of %s, %s of them from before.", c.Model, number(c.Known+c.Given), count(c.Posts, "post", "posts"), number(c.Known))
	if n := c.Unusable + c.Silent; n > 0 {
		t.say("%s no answer that can be used; the same command asks again.", count(n, "post got", "posts got"))
	}
}

// estimate says how long the rest takes, going by the first answers.
func estimate(took time.Duration, first, rest, workers int) string {
	if first < 1 || rest < 1 {
		return ""
	}
	each := took / time.Duration(first)
	whole := each * time.Duration(rest) / time.Duration(max(1, min(workers, rest)))
	s := fmt.Sprintf("It took %s for each of the first %s: about %s for the other %s", roughly(each), number(first), roughly(whole), number(rest))
	if workers > 1 {
		s += fmt.Sprintf(" where the server can think about %d at once, up to %s where it cannot", workers, roughly(each*time.Duration(rest)))
	}
	return s + ". Ctrl-C stops, and keeps what was answered."
}

// roughly writes a span of time as people say it.
func roughly(d time.Duration) string {
	switch {
	case d < 100*time.Millisecond:
		return "less than 0.1 s"
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()+0.5))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d minutes", int(d.Minutes()+0.5))
	}
	return fmt.Sprintf("%.0f hours", d.Hours())
}

// strongest is the confidence of the strongest of some findings.
func strongest(found []store.Finding) float64 {
	most := 0.0
	for _, f := range found {
		most = max(most, f.Confidence)
	}
	return most
}

// judgeHelp is a part of the help of the commands that can ask one.
var judgeHelp = strings.TrimSpace(`
With --judge and --judge-model a language model that you run yourself, behind
an OpenAI-compatible address (Ollama, llama.cpp, LM Studio), gives a second
opinion on posts. It is shown beside what was found and never changes it. Only
this computer is asked unless you say --judge-allow-remote.`)
