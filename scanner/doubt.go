package scanner

import (
	"context"

	"lookback/store"
)

// sure is the confidence from which a finding needs no second opinion. It lies
// about half-way between the learned layer's threshold and certainty.
const sure = 0.8

// nearly is the share of its threshold from which the learned layer is near it.
const nearly = 0.72

// Doubtful says whether a second opinion on a post is worth most: what was
// found in it is less than sure, or nothing was found though the learned layer
// came within reach of its threshold or overruled a rule. strongest is the
// confidence of the strongest finding, 0 where there is none.
func (e *Engine) Doubtful(p *store.Post, author *Author, strongest float64) bool {
	if strongest > 0 {
		return strongest < sure
	}
	s := e.pool.Get().(*scan)
	defer e.release(s)
	part := *p
	for at := 0; at < len(p.Text); at += len(part.Text) {
		part.Text = p.Text[at : at+partLen(p.Text[at:])]
		if s.run(&part, author) || s.nearThreshold() {
			return true
		}
	}
	return false
}

// nearThreshold says whether the learned layer gives the post that was run
// last a chance near its threshold.
func (s *scan) nearThreshold() bool {
	for _, m := range s.e.models {
		if l, ok := m.(*Learned); ok {
			return s.chances().Breach >= float64(l.model.Flag*nearly)
		}
	}
	return false
}

// Authors learns who the owners of accounts are, as Run does: by the accounts'
// ids.
func (e *Engine) Authors(ctx context.Context, src Source) (map[int64]*Author, error) {
	return e.authors(ctx, src)
}
