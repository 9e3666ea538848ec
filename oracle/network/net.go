package network

import (
	"errors"
	"fmt"
	"strings"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// Net is an encoder with one hidden layer, f(x) = Vᵀσ(Wx + B) + C.
type Net struct {
	// W has a row of d weights for each of the h neurons.
	W [][]float64
	// B are the h biases of the hidden layer.
	B []float64
	// V has a row of r weights for each neuron: how it enters the outputs.
	V [][]float64
	// C are the r biases of the outputs.
	C []float64
	// Activation is σ.
	Activation Activation
}

// ErrNet says that a net does not fit.
var ErrNet = errors.New("network: expected one or two neurons, on one modality with a shared covariance")

// GoString writes the net in one line.
func (f Net) GoString() string {
	row := func(x []float64) string {
		return "(" + strings.Trim(strings.ReplaceAll(fmt.Sprint(x), " ", ", "), "[]") + ")"
	}
	s := "Net{" + f.Activation.Name
	for j, w := range f.W {
		s += fmt.Sprintf(", w %s b %v v %s", row(w), f.B[j], row(f.V[j]))
	}
	return s + ", c " + row(f.C) + "}"
}

// outputs is f where the hidden layer has the values given.
func (f Net) outputs(hidden []float64) []float64 {
	out := append([]float64(nil), f.C...)
	for j, v := range f.V {
		for i := range out {
			out[i] += v[i] * hidden[j]
		}
	}
	return out
}

// law is that of the preactivations of a net: given component k, t ∼ N(mean_k, signal + noise), of which the part of covariance noise is independent of k and of P_c x.
type law struct {
	weights       []float64
	means         [][]float64 // K×h
	signal, noise *mat.SymDense
}

// preactivations is the law of those of f under p.
func preactivations(p gmm.Pairs, f Net) (law, error) {
	m, h := p.Left, len(f.W)
	if p.Modalities() != 1 || !m.Shared() || h < 1 || h > 2 {
		return law{}, fmt.Errorf("%w; found %d neurons on %v", ErrNet, h, p.Model())
	}
	if len(f.B) != h || len(f.V) != h {
		return law{}, fmt.Errorf("network: expected as many biases and outputs as neurons, found %d, %d and %d", len(f.B), len(f.V), h)
	}
	d, k := m.Dimension(), m.Components()
	w := mat.NewDense(h, d, nil)
	for j, row := range f.W {
		if len(row) != d || len(f.V[j]) != len(f.C) {
			return law{}, fmt.Errorf("network: expected %d weights and %d outputs of a neuron, found %d and %d", d, len(f.C), len(row), len(f.V[j]))
		}
		w.SetRow(j, row)
	}
	var at, spread, product mat.Dense
	at.Mul(w, m.Means().T()) // h×K
	product.Mul(w, m.Covariance())
	spread.Mul(&product, w.T())
	l := law{weights: m.Weights(), means: make([][]float64, k), signal: mat.NewSymDense(h, nil), noise: mat.NewSymDense(h, nil)}
	for c := range k {
		for j := range h {
			l.means[c] = append(l.means[c], at.At(j, c)+f.B[j])
		}
	}
	part, err := told(m, w)
	if err != nil {
		return law{}, err
	}
	if part != nil {
		l.signal.SymOuterK(1, part)
	}
	for i := range h {
		for j := i; j < h; j++ {
			l.noise.SetSym(i, j, spread.At(i, j)-l.signal.At(i, j))
		}
	}
	return l, nil
}

// told is A, h×s, with AAᵀ = WD(DᵀΣ⁻¹D)⁺DᵀWᵀ: what P_c x tells of Wx; nil if s = 0.
func told(m *gmm.Mixture, w *mat.Dense) (*mat.Dense, error) {
	s, k := m.DifferenceDimension(), m.Components()
	if s == 0 {
		return nil, nil
	}
	differences := mat.NewDense(m.Dimension(), k-1, nil)
	for c := 1; c < k; c++ {
		for i := range m.Dimension() {
			differences.Set(i, c-1, m.Means().At(c, i)-m.Means().At(0, i))
		}
	}
	var factor mat.Cholesky
	var eigen mat.EigenSym
	var solved, gram mat.Dense
	if !factor.Factorize(m.Covariance()) {
		return nil, errors.New("network: the covariance is singular in floating point")
	}
	if err := factor.SolveTo(&solved, differences); err != nil {
		return nil, fmt.Errorf("network: %w", err)
	}
	gram.Mul(differences.T(), &solved)
	if !eigen.Factorize(symmetric(&gram), true) {
		return nil, errors.New("network: the Gram matrix of the differences has no eigenvalues")
	}
	var vectors, across, a mat.Dense
	eigen.VectorsTo(&vectors)
	across.Mul(w, differences)
	a.Mul(&across, vectors.Slice(0, k-1, k-1-s, k-1)) // eigenvalues ascend, and s of them are not 0
	a.Apply(func(_, j int, x float64) float64 { return x / root(eigen.Values(nil)[k-1-s+j]) }, &a)
	return &a, nil
}
