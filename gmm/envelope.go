package gmm

import (
	"math/big"
	"sync"

	"contrastcheck/gmm/closure"
)

// FisherDimension returns the dimension s of the Fisher subspace span{Σ̄⁻¹μ_k}: the exact
// rational rank of the means. It is computed once.
func (m *Mixture) FisherDimension() int { return m.dimension() }

// DifferenceDimension returns the dimension of the span of the differences Σ̄⁻¹(μ_k − μ_l), the centred Fisher subspace: s, or s − 1 where the
// mean μ̄ lies out of it. It is exact.
func (m *Mixture) DifferenceDimension() int {
	means := m.exact.Means
	switch s := m.FisherDimension(); {
	case len(means) == 1:
		return 0
	case s == len(means): // independent means have independent differences
		return s - 1
	case m.Centred():
		return s
	}
	return exactRank(m.differences())
}

// Envelope is a subspace of R^d that representations x ↦ Aᵀx have no reason to leave: the columns of an optimal A lie in it, in original
// coordinates. Every Σ̄⁻¹Σ_k maps it into itself. It is exact: also of floats, each of which is the dyadic number that it is, so that
// an envelope which was planted and then rounded is all of R^d; Nearly tells what it was.
type Envelope struct {
	d, fisher int
	certain   bool // without looking for it: nothing leads out of the Fisher subspace
	space     func() closure.Space
	nearly    func() int
}

// mostEnvelopeWork is what the search for an envelope may take, a few seconds.
const mostEnvelopeWork closure.Work = 5e9

// Envelope returns the simultaneous envelope E, the smallest subspace that contains all Σ̄⁻¹μ_k and that every Σ̄⁻¹Σ_k maps into itself. It
// contains the Fisher subspace, and is that where the covariance is shared. For every convex loss of dot scores an optimal A lies in it.
// It is computed once.
func (m *Mixture) Envelope() *Envelope { return m.envelope() }

// EnvelopeOfDifferences returns E_c, the smallest subspace that contains all Σ̄⁻¹(μ_k − μ_l) and that every Σ̄⁻¹Σ_k maps into itself: the envelope for
// affine maps. It is computed once.
func (m *Mixture) EnvelopeOfDifferences() *Envelope { return m.envelopeOfDifferences() }

// CentralSubspace returns 𝒞 = Σ̄⁻¹(span{μ_k − μ_l} + Σ_k range(Σ_k − Σ̄)), the central subspace: what the posterior probabilities of the
// components depend on, and the envelope for distance scores. It contains E_c. It is computed once.
func (m *Mixture) CentralSubspace() *Envelope { return m.centralSubspace() }

// Known tells that Basis spans the envelope and no more. It is false where that can't be found out within a few seconds of work; the dimension lies
// between Bounds then. Where nothing leads out of the Fisher subspace, as with a shared covariance, Bounds are known without any search, and this
// searches for the Basis.
func (e *Envelope) Known() bool {
	s := e.space()
	return s.Columns != nil || s.Least == s.Most && (s.Most == 0 || s.Most == e.d)
}

// Bounds returns proved bounds of the dimension. They are equal where it is known.
func (e *Envelope) Bounds() (least, most int) {
	if e.certain {
		return e.fisher, e.fisher
	}
	s := e.space()
	return s.Least, s.Most
}

// Dimension returns the dimension of the envelope; where Bounds differ, the upper one.
func (e *Envelope) Dimension() int {
	_, most := e.Bounds()
	return most
}

// Invariant tells that the envelope is proved to be the Fisher subspace, for E_c and 𝒞 that of differences. It is false, too, where
// that is not known.
func (e *Envelope) Invariant() bool { return e.Dimension() == e.fisher }

// Leaves tells that the envelope is proved to be larger than that Fisher subspace. It is false, too, where that is not known.
func (e *Envelope) Leaves() bool {
	least, _ := e.Bounds()
	return least > e.fisher
}

// Basis returns a d×e matrix of full column rank whose columns span the envelope where it is Known, else the identity of R^d, which contains it. The
// columns are in reduced echelon form: each has one pivot, where the others are 0 and before which it is 0 itself. Their entries are whole numbers
// without a common factor, or where those would have more than 64 bits, these divided by a power of 2 that makes the largest less
// than 1.
func (e *Envelope) Basis() [][]*big.Rat {
	s := e.space()
	switch {
	case !e.Known() || s.Most == e.d:
		return IdentityRows(e.d)
	case s.Most == 0:
		return make([][]*big.Rat, e.d)
	}
	rows := make([][]*big.Rat, e.d)
	for _, column := range s.Columns {
		scale := big.NewInt(1)
		if longest := longestInteger(column); longest > 64 {
			scale.Lsh(scale, uint(longest))
		}
		for i, x := range column {
			rows[i] = append(rows[i], new(big.Rat).SetFrac(x, scale))
		}
	}
	return rows
}

func longestInteger(xs []*big.Int) int {
	longest := 0
	for _, x := range xs {
		longest = max(longest, x.BitLen())
	}
	return longest
}

// Nearly returns the dimension that the envelope has to the rounding of float64: of one that was planted and rounded what it was, where the envelope is all of
// R^d exactly. It proves nothing: where Σ̄ is ill-conditioned or two eigenvalues are close it may be too large, and where couplings fade along a long
// chain it leaves out what they reach by less than rounding.
func (e *Envelope) Nearly() int { return e.nearly() }

func (m *Mixture) computeEnvelope() *Envelope {
	return m.closed(m.exact.Means, m.FisherDimension())
}

func (m *Mixture) computeEnvelopeOfDifferences() *Envelope {
	return m.closed(m.differences(), m.DifferenceDimension())
}

func (m *Mixture) computeCentralSubspace() *Envelope {
	vectors := m.differences()
	for _, own := range m.exact.Covariances {
		for i, row := range own {
			if difference := subtracted(row, m.rational[i]); !isZero(difference) {
				vectors = append(vectors, difference)
			}
		}
	}
	e := &Envelope{fisher: m.DifferenceDimension(), certain: len(vectors) < m.Components()} // only differences of means
	e.of(m, vectors, nil)
	e.nearly = sync.OnceValue(func() int { return m.nearly(m.differences(), m.exact.Covariances, true) })
	return e
}

// leading returns the covariances Σ_k without the last, to which Σ̄ and they combine, and without those that are multiples of Σ̄.
func (m *Mixture) leading() (own [][][]*big.Rat) {
	for _, covariance := range m.exact.Covariances[:max(0, len(m.exact.Covariances)-1)] {
		if !proportional(covariance, m.rational) {
			own = append(own, covariance)
		}
	}
	return own
}

// proportional tells whether a is a multiple of b; the first entry of neither is 0.
func proportional(a, b [][]*big.Rat) bool {
	factor := new(big.Rat).Quo(a[0][0], b[0][0])
	product := new(big.Rat)
	for i, row := range a {
		for j := range i + 1 {
			if product.Mul(factor, b[i][j]).Cmp(row[j]) != 0 {
				return false
			}
		}
	}
	return true
}

// closed returns the closure of the vectors, whose own span has the dimension fisher, under the covariances.
func (m *Mixture) closed(vectors [][]*big.Rat, fisher int) *Envelope {
	operators := m.leading()
	e := &Envelope{fisher: fisher, certain: len(operators) == 0}
	return e.of(m, vectors, operators)
}

// of has e look for the smallest subspace that contains Σ̄⁻¹u of all vectors and that Σ̄⁻¹ times every operator maps into itself.
func (e *Envelope) of(m *Mixture, vectors [][]*big.Rat, operators [][][]*big.Rat) *Envelope {
	e.d = m.Dimension()
	e.space = sync.OnceValue(func() closure.Space {
		p := problem(m.rational, operators, vectors)
		p.Most = e.d
		if e.certain {
			p.Most = e.fisher
		}
		return p.Solve(mostEnvelopeWork)
	})
	e.nearly = sync.OnceValue(func() int { return m.nearly(vectors, operators, false) })
	return e
}

// problem clears denominators.
func problem(metric [][]*big.Rat, operators [][][]*big.Rat, vectors [][]*big.Rat) closure.Problem {
	p := closure.Problem{Vectors: IntegerRows(vectors)}
	p.Metric, _ = whole(metric)
	for _, operator := range operators {
		b, _ := whole(operator)
		p.Operators = append(p.Operators, b)
	}
	return p
}

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

func isZero(xs []*big.Rat) bool {
	for _, x := range xs {
		if x.Sign() != 0 {
			return false
		}
	}
	return true
}
