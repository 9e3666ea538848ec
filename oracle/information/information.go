package information

import (
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/whitened"
)

// Value is an amount of information, nats.
type Value struct {
	Value float64
	// Error bounds the distance to the exact value where the grade is Bounded; where it is Estimated, it is three standard errors.
	Error float64
	Grade oracle.Grade
	// Points are the nodes for each of x and x̂, or the pairs that were drawn.
	Points int
}

// Of is I(x; x̂) of one modality with a shared covariance; others are refused, with gmm.ErrOtherModel. It is bounded to about 1e-10 where the differences of means span up to
// two dimensions and are a few standard deviations long; longer ones are known less well, as limit allows: it multiplies the work, of about a second. Where that is not enough, and in three dimensions and more, pairs are drawn, which seed determines.
func Of(p gmm.Pairs, limit float64, seed uint64) (Value, error) {
	if err := p.WantSingle(); err != nil {
		return Value{}, err
	}
	if p.Uninformative() {
		return Value{Grade: oracle.Bounded}, nil
	}
	centred, err := p.Centre()
	if err != nil {
		return Value{}, err
	}
	own, err := centred.Left.WhitenFisher()
	if err != nil {
		return Value{}, fmt.Errorf("information: %w", err)
	}
	m, err := whitened.See(centred.Left, own.Frame)
	if err != nil {
		return Value{}, err
	}
	l := newLaw(m, p.Delta())
	if l.dimension() <= mostIntegrated {
		if v, ok := l.integrated(limit); ok {
			return v, nil
		}
	}
	return l.drawn(int(limit*draws), seed), nil
}

// mostIntegrated is the dimension of S_c up to which integrals are done by quadrature.
const mostIntegrated = 2

// law is that of pairs in the coordinates of S_c, in which components have the covariance 1.
type law struct {
	delta   float64
	weights []float64
	means   [][]float64 // K×s
	// meanError bounds the distance of each mean to the exact one, up to a rotation common to all.
	meanError float64
}

func newLaw(m *whitened.Mixture, delta float64) law {
	s, k := m.Means.Dims()
	l := law{delta: delta, weights: m.Weights, means: make([][]float64, k)}
	for c := range k {
		square := 0.0
		for j := range s {
			x := m.Means.At(j, c)
			l.means[c] = append(l.means[c], x)
			square += x * x
		}
		l.meanError = max(l.meanError, m.MeanError*math.Sqrt(square))
	}
	return l
}

func (l law) dimension() int { return len(l.means[0]) }

// largest is the logarithm of an upper bound of ρ: p(k|x) ≤ 1, and Σ p(k|y) = 1.
func (l law) largest() float64 {
	least := math.Inf(1)
	for _, w := range l.weights {
		least = min(least, w)
	}
	return math.Log(l.delta/least + 1 - l.delta)
}

// range of the means along a coordinate.
func (l law) reach(j int) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, m := range l.means {
		low, high = min(low, m[j]), max(high, m[j])
	}
	return low, high
}
