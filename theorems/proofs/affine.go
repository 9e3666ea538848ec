package proofs

import (
	"fmt"

	"contrastcheck/gmm"
	"contrastcheck/oracle/proof"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// proveAffine is proveLinear of affine maps, whose proof is given both minimisers, each with its c′.
func proveAffine(l proof.Loss, p gmm.Pairs, limit proof.Limit) (proof.Certificate, error) {
	seen, err := l.Sees(p)
	if err != nil {
		return proof.Certificate{}, err
	}
	found, err := solver.Minimise(solver.Affine, seen, solver.Options{Limit: float64(limit)})
	if err != nil {
		return proof.Certificate{}, fmt.Errorf("%w: %w", proof.ErrNotProved, err)
	}
	return limit.ProveAffine(p, representation(found.Free), representation(found.Constrained))
}

func representation(m solver.Minimum) proof.Representation {
	r := proof.Representation{Form: m.Form}
	if m.Shift.Columns != nil {
		r.Shift = mat.Col(nil, 0, m.Shift.Columns)
	}
	return r
}
