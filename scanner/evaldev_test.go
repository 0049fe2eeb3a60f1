package scanner

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// evalDev prints tables, and in LOOKBACK_EVAL_OUT (a folder) the mistakes.
// LOOKBACK_EVAL is "1" for everything or a list of paths and globs.
func evalDev(t *testing.T, e *Engine) {
	patterns := []string{"../../shared/cases/hcpc_dev.csv", "../../shared/cases/train/*.csv", "../../shared/corpus/dev/*.csv"}
	if v := os.Getenv("LOOKBACK_EVAL"); v != "1" {
		patterns = strings.Fields(v)
	}
	var sets []CaseSet
	for _, p := range patterns {
		names, err := filepath.Glob(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			f, err := os.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			set, err := ReadCases(strings.TrimSuffix(filepath.Base(name), ".csv"), f)
			f.Close()
			if err != nil {
				t.Fatal(err)
			}
			sets = append(sets, set)
		}
	}
	rep := Eval(e, sets)
	var b strings.Builder
	if err := rep.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	fmt.Println(e)
	fmt.Println(b.String())
	fmt.Println("rules with most false alarms (rule right other wrong):")
	for i, r := range rep.Rules {
		if i == 60 || r.Wrong == 0 {
			break
		}
		fmt.Printf("  %-50s %5d %5d %5d\n", r.Rule, r.Right, r.Other, r.Wrong)
	}
	writeMistakes(t, rep)
}

func writeMistakes(t *testing.T, rep *EvalReport) {
	dir := os.Getenv("LOOKBACK_EVAL_OUT")
	if dir == "" {
		return
	}
	var miss, alarm strings.Builder
	for _, m := range rep.Mistakes {
		if len(m.Got) == 0 {
			fmt.Fprintf(&miss, "%s\t%s\t%s\t%s\t%s\t%s\n", m.Case.ID, m.Case.Kind, m.Case.Action, m.Case.Theme, m.Case.Functionality, m.Case.Text)
			continue
		}
		words := ""
		for _, sp := range m.Got[0].Spans {
			words += "[" + m.Case.Text[sp.Start:sp.End] + "]"
		}
		fmt.Fprintf(&alarm, "%s\t%s\t%s\t%s\t%.2f\t%s\t%s\n", m.Case.ID, m.Case.Kind, m.Got[0].Rule, m.Got[0].Action, m.Got[0].Confidence, words, m.Case.Text)
	}
	for name, text := range map[string]string{"misses.tsv": miss.String(), "alarms.tsv": alarm.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
