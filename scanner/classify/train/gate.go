package train

import (
	"slices"
	"strings"

	"lookback/scanner/classify"
)

// gateWeights fits the gate on the cases that use admits. Ordinary posts weigh
// as much as cases here: the gate is there to let them go by.
func (f *fitter) gateWeights(use func(i int) bool) []float32 {
	return FitHinge(f.gates, classify.GateDim, f.everyCase(use), f.opts.Passes, 201)
}

// sieveWeights does the same for the sieve.
func (f *fitter) sieveWeights(use func(i int) bool) []float32 {
	return FitHinge(f.sieves, classify.SieveDim, f.everyCase(use), f.opts.Passes, 301)
}

func (f *fitter) everyCase(use func(i int) bool) []Target {
	targets := make([]Target, len(f.examples))
	for i := range f.examples {
		if e := &f.examples[i]; use(i) && e.isCase() {
			targets[i] = Target{Side: side(e.Breach), Cost: f.opts.Cost}
		}
	}
	return targets
}

// gateLoss is the share of the texts flagged without a rule that the gate may
// lose, and gatesLoss the share that gate and sieve may lose together.
const (
	gateLoss  = 0.01
	gatesLoss = 0.02
)

// saidLoss is the share of the texts flagged, or nearly so, that the sieve may
// lose where a rule fired: the gate is not asked there.
const (
	saidLoss   = 0.005
	saidNearly = 0.9 // of the threshold
)

// gateThresholds sets from which score on a text passes the gate and the sieve,
// by the texts that the stack would flag; signals are the stack's, and chance is
// what it gives each.
func (f *fitter) gateThresholds(meta *classify.Meta, rows []int, signals [][]float32, chance []float32) {
	var gate, sieve []float32
	for k, i := range rows {
		if e := &f.examples[i]; len(e.Said) == 0 && e.Weight == 1 && chance[k] >= meta.Flag {
			gate = append(gate, f.gate[i])
		}
	}
	meta.GateAt = quantile(gate, gateLoss)
	for k, i := range rows {
		if e := &f.examples[i]; len(e.Said) == 0 && e.Weight == 1 && chance[k] >= meta.Flag && f.gate[i] >= meta.GateAt {
			sieve = append(sieve, f.sieve[i])
		}
	}
	meta.SieveAt = quantile(sieve, gatesLoss-gateLoss)
	f.log("of %d texts flagged without a rule, gate and sieve lose %.3f", len(gate), gatesLoss)
	f.joinSieve(meta, rows, signals, chance)
}

// joinSieve fits what joins the sieve with what the rules say, on the texts of
// which they say something.
func (f *fitter) joinSieve(meta *classify.Meta, rows []int, signals [][]float32, chance []float32) {
	names := meta.SieveNames()
	use := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n != classify.SieveSignal && !strings.HasPrefix(n, "rule:") })
	var all [][]float32
	var near []bool
	var weight []float32
	var at []int
	for k, i := range rows {
		e := &f.examples[i]
		if len(e.honest()) == 0 {
			continue
		}
		all = append(all, append(slices.Clone(signals[k]), f.sieve[i]))
		near, weight, at = append(near, chance[k] >= saidNearly*meta.Flag), append(weight, 1), append(at, i)
	}
	meta.SieveSaid = logistic(all, names, near, weight, 0.01, use)
	joined := meta.SieveSaid
	joined.Place(names)
	var said []float32
	for k, i := range at {
		if near[k] && f.examples[i].Weight == 1 {
			said = append(said, joined.Score(all[k]))
		}
	}
	meta.SieveSaidAt = quantile(said, saidLoss)
	f.log("of %d texts flagged, or nearly so, with a rule, the sieve loses %.3f", len(said), saidLoss)
}
