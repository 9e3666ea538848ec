// Package losses is where the two pillars meet: it has every loss as its solver and its oracle know it, and decides what is true of one for
// given pairs, by a solve and an independent judgement.
//
//	d, err := losses.Decide(ctx, losses.InfoNCE, pairs, losses.Options{})
//	d.Findings.Equality()   // holds, refuted or undecided
package losses

import (
	"cmp"
	"fmt"
	"strings"

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
	// paired says that it is a loss of two modalities only.
	paired bool
	// differences says that it depends on differences of points only: the centred Fisher subspace takes the place of the Fisher subspace.
	differences bool
}

// Sees returns the pairs as the loss is judged on them: centred ones, whose Fisher subspace is the centred one, where it depends on
// differences of points only.
func (l Loss) Sees(p gmm.Pairs) (gmm.Pairs, error) {
	if l.differences {
		return p.Centre()
	}
	return p, nil
}

// The losses.
var (
	InfoNCE = Loss{Solver: solver.InfoNCE, Oracle: oracle.InfoNCE, Title: "InfoNCE loss",
		Source: "van den Oord, Li and Vinyals, arXiv 1807.03748; of Gaussian mixtures arXiv 2411.03517"}
	CLIP = Loss{Solver: solver.CLIP, Oracle: oracle.CLIP, Title: "CLIP loss",
		Source: "Radford et al., ICML 2021; of Gaussian mixtures arXiv 2411.03517, section 5", paired: true}
	Spectral = Loss{Solver: solver.Spectral, Oracle: oracle.Spectral, Title: "spectral loss",
		Source: "HaoChen, Wei, Gaidon and Ma, NeurIPS 2021"}
	Triplet = Loss{Solver: solver.Triplet, Oracle: oracle.Triplet, Title: "logistic triplet loss",
		Source: "InfoNCE with one negative; Sohn, NeurIPS 2016"}
	Negatives = Loss{Solver: solver.Negatives(16), Oracle: oracle.Negatives(16), Title: "InfoNCE loss with 16 negatives",
		Source: "van den Oord, Li and Vinyals, arXiv 1807.03748"}
)

// All returns the losses, the default first.
func All() []Loss {
	return []Loss{
		InfoNCE,
		CLIP,
		Spectral,
		Triplet,
		Negatives,
	}
}

// Name is the word of the command line.
func (l Loss) Name() string { return l.Solver.Name }

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
		return fmt.Errorf("losses: expected a paired file, with the keys \"visual\" and \"text\", for --loss %s; found a single mixture", l.Name())
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

// Names returns the names of all losses, in their order.
func Names() []string {
	var names []string
	for _, l := range All() {
		names = append(names, l.Name())
	}
	return names
}

// Named returns the loss of a name, whatever its case.
func Named(name string) (Loss, error) {
	for _, l := range All() {
		if strings.EqualFold(l.Name(), name) {
			return l, nil
		}
	}
	return Loss{}, fmt.Errorf("losses: expected one of %s, found %q", strings.Join(Names(), ", "), name)
}
