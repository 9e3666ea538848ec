package network

import (
	"errors"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// ErrOpen says that the average of an activation has no form of its own.
var ErrOpen = errors.New("network: expected an activation that Gaussian smoothing maps to itself: erf, sin, gaussian or smooth-relu")

// Averaging compares the InfoNCE loss of a net with that of its average over noise, f̄ = E[f | P_c x]: L(f) ≥ L(f̄). The average is a net of the same
// activation that sees P_c x alone; it refuses activations of which it is none, with ErrOpen.
func Averaging(p gmm.Pairs, f Net) (Margin, error) {
	return averaging(p, f, func(neuron int, noise *mat.SymDense) float64 { return noise.At(neuron, neuron) })
}

// averaging smooths every neuron by a Gaussian of the variance given.
func averaging(p gmm.Pairs, f Net, variance func(neuron int, noise *mat.SymDense) float64) (Margin, error) {
	l, err := preactivations(p, f)
	if err != nil {
		return Margin{}, err
	}
	if !f.Activation.Closed() {
		return Margin{}, ErrOpen
	}
	g, inner := f.smoothed(l, variance)
	return compared(func(r rule) (float64, float64) {
		whole, averaged := f.seen(r, l), g.seen(r, inner)
		return loss(p.Delta(), l.weights, whole, whole), loss(p.Delta(), l.weights, averaged, averaged)
	}), nil
}

// smoothed is the net that averages f over the noise of l, E σ(t_j + noise) = α_jσ(β_jt_j), with the law of its preactivations β_jt_j.
func (f Net) smoothed(l law, variance func(int, *mat.SymDense) float64) (Net, law) {
	h := len(f.W)
	g, inner := f, law{weights: l.weights, signal: mat.NewSymDense(h, nil), noise: mat.NewSymDense(h, nil)}
	g.V = make([][]float64, h)
	scale := make([]float64, h)
	for j, v := range f.V {
		alpha, beta := f.Activation.smoothed(max(0, variance(j, l.noise)))
		scale[j] = beta
		for _, x := range v {
			g.V[j] = append(g.V[j], alpha*x)
		}
	}
	for _, m := range l.means {
		mean := make([]float64, h)
		for j := range mean {
			mean[j] = scale[j] * m[j]
		}
		inner.means = append(inner.means, mean)
	}
	for i := range h {
		for j := i; j < h; j++ {
			inner.signal.SetSym(i, j, scale[i]*scale[j]*l.signal.At(i, j))
		}
	}
	return g, inner
}
