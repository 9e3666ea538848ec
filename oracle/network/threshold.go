package network

import (
	"fmt"
	"math"

	"contrastcheck/gmm"
)

// Threshold compares the InfoNCE loss of one threshold neuron, f(x) = V 1{W·x + B > 0} + C, with that of one that sees P_c x alone, along P_cW, and fires as often: L(f) ≥ L(inside). Where P_cW = 0 it is
// along μ_1 − μ_0, or the first difference that is not 0. Both are closed forms in Φ; the activation of f is not used.
func Threshold(p gmm.Pairs, f Net) (Margin, error) { return threshold(p, f, asOften) }

func threshold(p gmm.Pairs, f Net, shift func(law, []float64, float64, float64) float64) (Margin, error) {
	l, err := preactivations(p, f)
	if err != nil {
		return Margin{}, err
	}
	if len(f.W) != 1 || p.Left.DifferenceDimension() == 0 {
		return Margin{}, fmt.Errorf("network: expected one neuron and means that are not all equal, found %d neurons and dim S_c = %d", len(f.W), p.Left.DifferenceDimension())
	}
	signal := l.signal.At(0, 0)
	fires, often := l.fires(column(l.means), signal+l.noise.At(0, 0))
	centres := column(l.means)
	if signal <= clear*l.noise.At(0, 0) { // all centres are equal: one along a difference fires as often
		along, err := preactivations(p, Net{W: [][]float64{direction(p.Left)}, B: f.B, V: f.V, C: f.C})
		if err != nil {
			return Margin{}, err
		}
		centres, signal = column(along.means), along.signal.At(0, 0)
	}
	b := shift(l, centres, signal, often)
	for k := range centres {
		centres[k] += b
	}
	inside, _ := l.fires(centres, signal)
	value := func(q []float64) float64 { t := f.firing(q); return loss(p.Delta(), l.weights, t, t) }
	left, right := value(fires), value(inside)
	return Margin{left, right, few * (1 + math.Abs(left) + math.Abs(right)) * (1 + dot(f.V[0], f.V[0]))}, nil
}

// few is the relative error of a loss of two values, each Φ of it to some units of the last place.
const few = 32 * 0x1p-53

// direction is the first μ_k − μ_0 that is not 0, as weights of a neuron: what it reads beside S_c is noise, which is left out.
func direction(m *gmm.Mixture) []float64 {
	out := make([]float64, m.Dimension())
	for k := 1; k < m.Components() && norm(out) == 0; k++ {
		for i := range out {
			out[i] = m.Means().At(k, i) - m.Means().At(0, i)
		}
	}
	return out
}

// fires is P(t > 0 | k), t ∼ N(centre_k, variance), and its average.
func (l law) fires(centres []float64, variance float64) (given []float64, average float64) {
	for _, c := range centres {
		given = append(given, distribution(c/math.Sqrt(variance)))
	}
	return given, dot(l.weights, given)
}

// asOften is the shift of the centres with which a neuron fires with the probability given: by bisection, to the last bit.
func asOften(l law, centres []float64, variance, often float64) float64 {
	low, high := -1.0, 1.0
	at := func(b float64) float64 {
		moved := make([]float64, len(centres))
		for k, c := range centres {
			moved[k] = c + b
		}
		_, average := l.fires(moved, variance)
		return average
	}
	for at(low) > often {
		low *= 2
	}
	for at(high) < often {
		high *= 2
	}
	for {
		b := (low + high) / 2
		if b <= low || b >= high {
			return b
		}
		if at(b) < often {
			low = b
		} else {
			high = b
		}
	}
}

// firing is the tower of V + C, with probability q_k given k, and C.
func (f Net) firing(q []float64) tower {
	on, rest := append([]float64(nil), f.C...), make([]float64, len(q))
	for i := range on {
		on[i] += f.V[0][i]
	}
	for k := range q {
		rest[k] = 1 - q[k]
	}
	return tower{values: [][]float64{on, f.C}, given: [][]float64{q, rest}}
}

func column(means [][]float64) (out []float64) {
	for _, m := range means {
		out = append(out, m[0])
	}
	return out
}
