package train

import (
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"lookback/scanner/classify"
)

// gateVectors are what gate, sieve and screen see of a text.
type gateVectors struct{ gate, sieve, screen Vector }

func newGateVectors(x *classify.Features, concepts []uint64) gateVectors {
	gate, sieve, screen := newCollector(64), newCollector(256), newCollector(512)
	x.GateFeatures(concepts, gate.add)
	x.SieveFeatures(sieve.add)
	x.ScreenFeatures(screen.add)
	return gateVectors{gate.v, sieve.v, screen.v}
}

// gates are the weights of gate, sieve and screen, or the scores that they give.
type gates struct{ gate, sieve, screen []float32 }

// The costs of gate, and of sieve and screen, and how much an ordinary post
// counts beside a case, are rounded from one table over folds of the training
// cases: how many of those posts pass where 2 % of what is flagged is lost. At
// the heads' cost and with 1, three times as many do.
const (
	gateCost     = 0.4
	siftCost     = 0.2
	ordinaryCost = 3
)

// fitGates fits gate, sieve and screen on the cases that use admits. They are
// there to let ordinary posts go by.
func (f *fitter) fitGates(use func(i int) bool) gates {
	var out gates
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	fit := func(to *[]float32, dim int, cost float32, seed uint64, vector func(v *gateVectors) Vector) {
		g.Go(func() error {
			vectors := make([]Vector, len(f.gates))
			for i := range f.gates {
				vectors[i] = vector(&f.gates[i])
			}
			*to = FitHinge(vectors, dim, f.everyCase(cost, use), f.opts.Passes, seed)
			return nil
		})
	}
	fit(&out.gate, classify.GateDim, gateCost, 201, func(v *gateVectors) Vector { return v.gate })
	fit(&out.sieve, classify.SieveDim, siftCost, 301, func(v *gateVectors) Vector { return v.sieve })
	fit(&out.screen, classify.SieveDim, siftCost, 401, func(v *gateVectors) Vector { return v.screen })
	g.Wait() // none fails
	return out
}

func (f *fitter) everyCase(cost float32, use func(i int) bool) []Target {
	targets := make([]Target, len(f.examples))
	for i := range f.examples {
		e := &f.examples[i]
		if !use(i) || !e.isCase() {
			continue
		}
		targets[i] = Target{Side: side(e.Breach), Cost: cost * f.opts.Cost}
		if e.Weight < 1 {
			targets[i].Cost *= ordinaryCost
		}
	}
	return targets
}

// gateLoss is the share of the texts flagged without a rule that the gate may
// lose, sieveLoss the share of the rest that the sieve may, and screenLoss that of
// those that pass both. The sieve keeps out most ordinary posts for each breach
// that it loses.
const (
	gateLoss   = 0.002
	sieveLoss  = 0.0025
	screenLoss = 0.0015
)

// saidLoss is the share of the texts flagged, or nearly so, that sieve and
// screen may lose each where a rule fired: the gate is not asked there.
const (
	saidLoss   = 0.001
	saidNearly = 0.9 // of the threshold
)

// gateThresholds sets from which score on a text passes gate, sieve and screen,
// by the texts that the stack would flag; signals are the stack's, and chance is
// what it gives each.
func (f *fitter) gateThresholds(meta *classify.Meta, rows []int, signals [][]float32, chance []float32) {
	passed := make([]bool, len(rows))
	for k, i := range rows {
		passed[k] = len(f.examples[i].Said) == 0
	}
	least := func(scores []float32, loss float64) float32 {
		var flagged []float32
		for k, i := range rows {
			if passed[k] && f.examples[i].Weight == 1 && chance[k] >= meta.Flag {
				flagged = append(flagged, scores[i])
			}
		}
		at, ordinary := quantile(flagged, loss), 0
		for k, i := range rows {
			passed[k] = passed[k] && scores[i] >= at
			if passed[k] && f.examples[i].Weight < 1 {
				ordinary++
			}
		}
		f.log("%d texts flagged without a rule; %d ordinary ones pass with them", len(flagged), ordinary)
		return at
	}
	meta.GateAt = least(f.passing.gate, gateLoss)
	meta.Sieve.At = least(f.passing.sieve, sieveLoss)
	meta.Screen.At = least(f.passing.screen, screenLoss)
	f.joinSift(meta, &meta.Sieve, f.passing.sieve, rows, signals, chance)
	f.joinSift(meta, &meta.Screen, f.passing.screen, rows, signals, chance)
}

// joinSift fits what joins the scores of a sieve with what the rules say, on the
// texts of which they say something.
func (f *fitter) joinSift(meta *classify.Meta, s *classify.Sift, scores []float32, rows []int, signals [][]float32, chance []float32) {
	names := meta.SiftNames()
	use := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n != classify.SiftSignal && !strings.HasPrefix(n, "rule:") })
	var all [][]float32
	var near []bool
	var weight []float32
	var at []int
	for k, i := range rows {
		e := &f.examples[i]
		if len(e.honest()) == 0 {
			continue
		}
		all = append(all, append(slices.Clone(signals[k]), scores[i]))
		near, weight, at = append(near, chance[k] >= saidNearly*meta.Flag), append(weight, 1), append(at, i)
	}
	s.Said = logistic(all, names, near, weight, 0.01, use)
	joined := s.Said
	joined.Place(names)
	var said []float32
	for k, i := range at {
		if near[k] && f.examples[i].Weight == 1 {
			said = append(said, joined.Score(all[k]))
		}
	}
	s.SaidAt = quantile(said, saidLoss)
	let := 0
	for k := range at {
		if !near[k] && joined.Score(all[k]) < s.SaidAt {
			let++
		}
	}
	f.log("%d texts flagged, or nearly so, with a rule; %d of %d others go by", len(said), let, len(at)-len(said))
}
