package gmm

import (
	"math/big"
)

// Envelope is a subspace that the optimal representations x ↦ Aᵀx of a mixture cannot leave, in original coordinates: the columns of A lie in it.
type Envelope struct {
	dimension, least, fisher int
	basis                    [][]*big.Rat
}

// Envelope returns the simultaneous envelope E: the smallest subspace that contains all Σ̄⁻¹μ_k and that every Σ̄⁻¹Σ_k maps into itself.
// It contains the Fisher subspace, and is it where the covariance is shared. It is computed once, exactly.
func (m *Mixture) Envelope() *Envelope { return m.envelopeOf(m.exact.Means, m.FisherDimension()) }

// EnvelopeOfDifferences returns E_c, the closure of the differences Σ̄⁻¹(μ_k − μ_l) in place of the means.
func (m *Mixture) EnvelopeOfDifferences() *Envelope {
	return m.envelopeOf(m.differences(), m.DifferenceDimension())
}

// CentralSubspace returns Σ̄⁻¹(span{μ_k − μ_l} + Σ_k range(Σ_k − Σ̄)), which every Σ̄⁻¹Σ_k maps into itself: all that the
// posterior probabilities of the components depend on.
func (m *Mixture) CentralSubspace() *Envelope {
	vectors := m.differences()
	for _, covariance := range m.exact.Covariances {
		for i, row := range covariance {
			vectors = append(vectors, subtracted(row, m.rational[i]))
		}
	}
	return m.envelopeOf(vectors, m.DifferenceDimension())
}

// Dimension returns the dimension of the envelope where it is Known, else the smallest that was proved to be enough.
func (e *Envelope) Dimension() int { return e.dimension }

// Bounds returns proved bounds of the dimension.
func (e *Envelope) Bounds() (least, most int) { return e.least, e.dimension }

// Known tells that Basis spans the envelope and no more. It does not where finding that out would take too much work.
func (e *Envelope) Known() bool { return e.least == e.dimension }

// Basis returns a d×e matrix of full column rank whose columns span the envelope where it is Known, else R^d. The
// slices are shared: do not write to them.
func (e *Envelope) Basis() [][]*big.Rat { return e.basis }

// Invariant tells that the envelope is proved to be the Fisher subspace (that of differences where it is theirs): every
// Σ̄⁻¹Σ_k maps it into itself.
func (e *Envelope) Invariant() bool { return e.dimension == e.fisher }

// Leaves tells that the envelope is proved to be larger than the Fisher subspace.
func (e *Envelope) Leaves() bool { return e.least > e.fisher }

// differences returns μ_k − μ_1, K − 1 rows.
func (m *Mixture) differences() (rows [][]*big.Rat) {
	for _, mean := range m.exact.Means[1:] {
		rows = append(rows, subtracted(mean, m.exact.Means[0]))
	}
	return rows
}

func subtracted(x, y []*big.Rat) []*big.Rat {
	out := make([]*big.Rat, len(x))
	for i := range x {
		out[i] = new(big.Rat).Sub(x[i], y[i])
	}
	return out
}

// Along returns the law of Vᵀx for a d×e matrix V of full column rank: the same weights, means Vᵀμ_k and covariances VᵀΣ_kV, exactly,
// shared or of their own as they are here. It refuses, with an InputError, a V that has another shape or a smaller rank.
func (m *Mixture) Along(v [][]*big.Rat) (*Mixture, error) {
	if len(v) != m.Dimension() || len(v[0]) == 0 {
		return nil, &InputError{Key: "v", Reason: ErrShape}
	}
	columns := transposed(v)
	out := m.exact.changed(func(covariance [][]*big.Rat) [][]*big.Rat {
		product := make([][]*big.Rat, len(columns))
		for i, column := range columns {
			product[i] = multiply(columns, multiply(covariance, column))
		}
		return product
	})
	out.Means = nil
	for _, mean := range m.exact.Means {
		out.Means = append(out.Means, multiply(columns, mean))
	}
	return NewExact(out)
}

func (m *Mixture) envelopeOf(vectors [][]*big.Rat, fisher int) *Envelope {
	e := &Envelope{fisher: fisher}
	if len(vectors) == 0 {
		return e
	}
	span := [][]*big.Rat{}
	waiting := exactSolve(m.rational, vectors)
	for len(waiting) > 0 && len(span) < m.Dimension() {
		v := waiting[0]
		waiting = waiting[1:]
		if wider := append(span[:len(span):len(span)], v); exactRank(wider) == len(wider) {
			span = wider
			for _, covariance := range m.exact.Covariances {
				waiting = append(waiting, exactSolve(m.rational, [][]*big.Rat{multiply(covariance, v)})...)
			}
		}
	}
	e.dimension, e.least = len(span), len(span)
	if len(span) > 0 {
		e.basis = transposed(span)
	}
	return e
}
