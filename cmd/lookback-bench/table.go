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

func (t table) write(w io.Writer) {
	fmt.Fprintf(w, "%d posts, median of %d:\n\n", t.posts, len(t.rows[0].costs))
	fmt.Fprintf(w, "| %-26s | %9s | %9s | %9s | %9s | %9s |\n", "", "time", "processor", "posts/s", "inflating", "memory")
	fmt.Fprintln(w, "| -------------------------- | --------: | --------: | --------: | --------: | --------: |")
	base := t.rows[0].median(wall)
	for _, r := range t.rows {
		took := r.median(wall)
		rate := "-"
		if !r.once {
			rate = fmt.Sprintf("%.0f", float64(t.posts)/took.Seconds())
		}
		memory := "-"
		if p := r.peak(); p > 0 {
			memory = fmt.Sprintf("%d MB", p>>20)
		}
		fmt.Fprintf(w, "| %-26s | %7.2f s | %7.2f s | %9s | %8.2fx | %9s |\n", r.name, took.Seconds(), r.median(cpu).Seconds(), rate,
			took.Seconds()/base.Seconds(), memory)
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
		if r.once {
			continue
		}
		fmt.Fprintf(w, "| %-26s |", r.name)
		for _, t := range tables {
			fmt.Fprintf(w, " %9.1f |", float64(t.rows[i].median(cpu).Microseconds())/float64(t.posts))
		}
		fmt.Fprintln(w)
	}
}
