// Package losses is where the two pillars meet: it has every loss as its solver and its oracle know it, and decides what is true of one for
// given pairs, by a solve and an independent judgement.
//
//	d, err := losses.Decide(ctx, losses.InfoNCE, pairs, losses.Options{})
//	d.Findings.Equality()   // holds, refuted or undecided
package losses

import (
	"cmp"
	"fmt"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"
)

// Loss is a contrastive loss.
type Loss struct {
	Solver solver.Loss
	Oracle oracle.Loss
	// Title is its name in sentences, Source where it comes from.
	Title, Source string
	// Settings choose it, every one written out.
	Settings Settings
	// others are settings of the same kind.
	others []Settings
	// Theorem says for which laws Col(A*) is all of the subspace.
	Theorem Theorem
	// Costly says that every dimension of M multiplies the work, so that claims about it are drawn in the plane.
	Costly bool
	// paired says that it is a loss of two modalities only.
	paired bool
}

// Theorem says for which laws a loss keeps every direction, whatever the mixture. The zero value is none.
type Theorem struct {
	// Certain is δ = 1, Biased 0 < δ < 1, both of shared covariances; Own is own covariances, δ > 0.
	Certain, Biased, Own bool
	// Source is where it is proved, in a few words.
	Source string
}

// Covers tells whether the theorem is about the law of the pairs.
func (t Theorem) Covers(p gmm.Pairs) bool {
	switch {
	case p.Modalities() == 2 || p.Uninformative():
		return false
	case !p.Left.Shared():
		return t.Own
	}
	if p.WantCertain() != nil {
		return t.Biased
	}
	return t.Certain
}

// The losses that are asked for by name, with their standard parameters.
var (
	InfoNCE  = standard("infonce", Dot)
	CLIP     = standard("clip", Dot)
	Spectral = standard("spectral", Dot)
	Triplet  = standard("triplet", Dot)
)

// All returns the losses of which claims are made, the default first: one of each kind that has claims of its own.
func All() []Loss {
	var all []Loss
	for _, k := range kinds {
		if !k.unclaimed {
			all = append(all, k.chosen(k.standard()))
		}
	}
	return all
}

// Name is the first word of the ids of claims about the loss.
func (l Loss) Name() string { return l.Solver.Name }

// Differences tells whether the loss depends on differences of points only, at the best bias where representations have one, so that the centred Fisher subspace takes the place of the Fisher subspace.
func (l Loss) Differences() bool { return l.Settings.Score == Distance || l.Affine() }

// Affine tells whether representations have a bias.
func (l Loss) Affine() bool { return l.Settings.Map == Affine }

// Subspace is how the subspace is written that minimisers are in.
func (l Loss) Subspace() string {
	if l.Differences() {
		return "S_c"
	}
	return "S_F"
}

// Sees returns the pairs as the loss is judged on them: centred ones, whose Fisher subspace is the centred one, where it depends on
// differences of points only.
func (l Loss) Sees(p gmm.Pairs) (gmm.Pairs, error) {
	if l.Differences() {
		return p.Centre()
	}
	return p, nil
}

// Admit refuses pairs that the loss does not serve: laws that it is not one of, with gmm.ErrOtherModel but for one of two modalities, and, with errors of
// package solver, what is too large.
func (l Loss) Admit(p gmm.Pairs) error {
	if err := l.ofLaw(p); err != nil {
		return err
	}
	return cmp.Or(l.Solver.Admit(p), l.Oracle.Admit(p))
}

func (l Loss) ofLaw(p gmm.Pairs) error {
	if l.paired && p.Modalities() == 1 {
		return fmt.Errorf("losses: expected a paired file, with the keys \"visual\" and \"text\", or beside --data another table in --text, for --loss %s; found a single mixture", l.Settings.Loss)
	}
	return l.Solver.Admits(p)
}

// For returns the first loss of a law of pairs: the one that is meant where none is named.
func For(p gmm.Pairs) Loss {
	for _, l := range All() {
		if l.ofLaw(p) == nil {
			return l
		}
	}
	return All()[0]
}
