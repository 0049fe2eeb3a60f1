package main

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// A table holds the figures of one size; its first row is the inflating.
type table struct {
	posts int
	rows  []row
}

type row struct {
	step
	costs []cost
}

// median returns the middle of what get gives for each round.
func (r row) median(get func(cost) time.Duration) time.Duration {
	list := make([]time.Duration, 0, len(r.costs))
	for _, c := range r.costs {
		list = append(list, get(c))
	}
	slices.Sort(list)
	return list[len(list)/2]
}

func wall(c cost) time.Duration { return c.wall }
func cpu(c cost) time.Duration  { return c.cpu }

// peak is the largest of all rounds.
func (r row) peak() int64 {
	var most int64
	for _, c := range r.costs {
		most = max(most, c.peak)
	}
	return most
}

// reportsTable is the table of what reports cost.
const reportsTable = "reports"

// find returns the row of that name, or nil.
func (t table) find(name string) *row {
	for i := range t.rows {
		if t.rows[i].name == name {
			return &t.rows[i]
		}
	}
	return nil
}

func (t table) write(w io.Writer) {
	fmt.Fprintf(w, "%d posts, median of %d:\n\n", t.posts, len(t.rows[0].costs))
	fmt.Fprintf(w, "| %-26s | %9s | %9s | %9s | %9s | %9s |\n", "", "time", "processor", "posts/s", "inflating", "memory")
	fmt.Fprintln(w, "| -------------------------- | --------: | --------: | --------: | --------: | --------: |")
	base := t.rows[0].median(wall)
	for _, r := range t.rows {
		if r.table != "" {
			continue
		}
		took := r.median(wall)
		rate := "-"
		if !r.once {
			rate = fmt.Sprintf("%.0f", float64(t.posts)/took.Seconds())
		}
		fmt.Fprintf(w, "| %-26s | %7.2f s | %7.2f s | %9s | %8.2fx | %9s |\n", r.name, took.Seconds(), r.median(cpu).Seconds(), rate,
			took.Seconds()/base.Seconds(), r.memory())
	}
	fmt.Fprintln(w)
}

func (r row) memory() string {
	p := r.peak()
	if p == 0 {
		return "-"
	}
	return fmt.Sprintf("%d MB", p>>20)
}

// writeReports compares each format with what encoding/csv takes for the same
// rows.
func (t table) writeReports(w io.Writer) {
	base := t.find(encodingCSV)
	if base == nil {
		return
	}
	fmt.Fprintf(w, "Reports of what was found in %d posts:\n\n", t.posts)
	fmt.Fprintf(w, "| %-26s | %9s | %9s | %12s | %9s |\n", "", "time", "processor", "encoding/csv", "memory")
	fmt.Fprintln(w, "| -------------------------- | --------: | --------: | -----------: | --------: |")
	for _, r := range t.rows {
		if r.table == reportsTable {
			fmt.Fprintf(w, "| %-26s | %7.2f s | %7.2f s | %11.2fx | %9s |\n", r.name, r.median(wall).Seconds(), r.median(cpu).Seconds(),
				r.median(wall).Seconds()/base.median(wall).Seconds(), r.memory())
		}
	}
	fmt.Fprintln(w)
}

// ratios are pairs of rows of which the first is to be compared with the
// second.
var ratios = [][2]string{
	{"import", inflating}, {"audit", "audit again"}, {"audit", "audit of a newer archive"}, {wordsOnly, ripgrep}, {moreOnly, ripgrepMore},
}

// writeRatios compares rows in pairs, in time and in processor time.
func (t table) writeRatios(w io.Writer) {
	fmt.Fprintf(w, "| %-26s | %-26s | %9s | %9s |\n", "", "beside", "time", "processor")
	fmt.Fprintln(w, "| -------------------------- | -------------------------- | --------: | --------: |")
	for _, p := range ratios {
		a, b := t.find(p[0]), t.find(p[1])
		if a == nil || b == nil {
			continue
		}
		fmt.Fprintf(w, "| %-26s | %-26s | %8.2fx | %8.2fx |\n", p[0], p[1], a.median(wall).Seconds()/b.median(wall).Seconds(),
			a.median(cpu).Seconds()/b.median(cpu).Seconds())
	}
	fmt.Fprintln(w)
}

// writeGrowth compares what one post costs at each size, in processor time.
func writeGrowth(w io.Writer, tables []table) {
	if len(tables) < 2 {
		return
	}
	fmt.Fprintf(w, "Microseconds of processor time for a post:\n\n| %-26s |", "")
	for _, t := range tables {
		fmt.Fprintf(w, " %9d |", t.posts)
	}
	fmt.Fprint(w, "\n| -------------------------- |")
	for range tables {
		fmt.Fprint(w, " --------: |")
	}
	fmt.Fprintln(w)
	for i, r := range tables[0].rows {
		if r.once || r.table != "" {
			continue
		}
		fmt.Fprintf(w, "| %-26s |", r.name)
		for _, t := range tables {
			fmt.Fprintf(w, " %9.1f |", float64(t.rows[i].median(cpu).Microseconds())/float64(t.posts))
		}
		fmt.Fprintln(w)
	}
}
