package campaign

import (
	"errors"
	"fmt"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle/network"
	"contrastcheck/theorems"

	"gonum.org/v1/gonum/mat"
)

// pairs are gmm.Pairs in their own exact numbers.
type pairs struct {
	Left  mixture  `json:"left"`
	Right *mixture `json:"right,omitempty"` // of two modalities
	Delta rational `json:"delta"`
}

// mixture is a gmm.Exact: weights of the same scale, too.
type mixture struct {
	Name        string         `json:"name,omitempty"`
	Weights     []rational     `json:"weights"`
	Means       [][]rational   `json:"means"`
	Covariance  [][]rational   `json:"covariance,omitempty"`
	Covariances [][][]rational `json:"covariances,omitempty"`
}

func newPairs(p gmm.Pairs) pairs {
	out := pairs{Left: newMixture(p.Left), Delta: rational{p.ExactDelta()}}
	if p.Modalities() > 1 {
		right := newMixture(p.Right)
		out.Right = &right
	}
	return out
}

func newMixture(m *gmm.Mixture) mixture {
	e := m.Exact()
	return mixture{e.Name, row(e.Weights), rows(e.Means), rows(e.Covariance), each(e.Covariances, rows)}
}

func (p pairs) gmm() (gmm.Pairs, error) {
	left, err := p.Left.gmm()
	if err != nil {
		return gmm.Pairs{}, err
	}
	if p.Delta.Rat == nil {
		return gmm.Pairs{}, errors.New("expected a number δ, found none")
	}
	if p.Right == nil {
		return gmm.NewPairs(left, p.Delta.Rat)
	}
	right, err := p.Right.gmm()
	if err != nil {
		return gmm.Pairs{}, err
	}
	return gmm.NewPaired(left, right, p.Delta.Rat)
}

func (m mixture) gmm() (*gmm.Mixture, error) {
	return gmm.NewExact(gmm.Exact{Name: m.Name, Weights: numbers(m.Weights), Means: each(m.Means, numbers), Covariance: each(m.Covariance, numbers),
		Covariances: each(m.Covariances, func(c [][]rational) [][]*big.Rat { return each(c, numbers) })})
}

// onCase is a theorems.Case.
type onCase struct {
	Pairs       pairs         `json:"pairs"`
	A           [][]gmm.Float `json:"a,omitempty"`
	Other       [][]gmm.Float `json:"other,omitempty"`
	Transform   [][]rational  `json:"transform,omitempty"`
	Predictor   [][]rational  `json:"predictor,omitempty"`
	Columns     int           `json:"columns,omitempty"`
	Nets        []net         `json:"nets,omitempty"`
	Temperature *rational     `json:"temperature,omitempty"`
	Weight      *rational     `json:"weight,omitempty"`
	Rate        *rational     `json:"rate,omitempty"`
	Seed        uint64        `json:"seed"`
}

// net is a network.Net.
type net struct {
	W          [][]gmm.Float `json:"w"`
	B          []gmm.Float   `json:"b"`
	V          [][]gmm.Float `json:"v"`
	C          []gmm.Float   `json:"c"`
	Activation string        `json:"activation"`
}

func newCase(c theorems.Case) onCase {
	return onCase{Pairs: newPairs(c.Pairs), A: newMatrix(c.A), Other: newMatrix(c.Other), Transform: rows(c.Transform), Predictor: rows(c.Predictor), Columns: c.Columns,
		Nets: each(c.Nets, newNet), Temperature: exactly(c.Temperature), Weight: exactly(c.Weight), Rate: exactly(c.Rate), Seed: c.Seed}
}

func (c onCase) theorem() (theorems.Case, error) {
	p, err := c.Pairs.gmm()
	if err != nil {
		return theorems.Case{}, err
	}
	out := theorems.Case{Pairs: p, Transform: each(c.Transform, numbers), Predictor: each(c.Predictor, numbers), Columns: c.Columns,
		Temperature: c.Temperature.number(), Weight: c.Weight.number(), Rate: c.Rate.number(), Seed: c.Seed}
	for _, n := range c.Nets {
		f, err := n.network()
		if err != nil {
			return out, err
		}
		out.Nets = append(out.Nets, f)
	}
	out.A, err = matrix(c.A)
	if err == nil {
		out.Other, err = matrix(c.Other)
	}
	return out, err
}

func newNet(f network.Net) net {
	return net{each(f.W, floats), floats(f.B), each(f.V, floats), floats(f.C), f.Activation.Name}
}

func (n net) network() (network.Net, error) {
	activation, err := network.Named(n.Activation)
	return network.Net{W: each(n.W, unwrapped), B: unwrapped(n.B), V: each(n.V, unwrapped), C: unwrapped(n.C), Activation: activation}, err
}

// newMatrix are the rows of a matrix; none of nil.
func newMatrix(m *mat.Dense) (out [][]gmm.Float) {
	if m == nil {
		return nil
	}
	n, _ := m.Dims()
	for i := range n {
		out = append(out, floats(m.RawRowView(i)))
	}
	return out
}

// matrix has the rows; nil for none.
func matrix(rows [][]gmm.Float) (*mat.Dense, error) {
	if rows == nil {
		return nil, nil
	}
	m := mat.NewDense(len(rows), max(len(rows[0]), 1), nil)
	for i, r := range rows {
		if len(r) != len(rows[0]) || len(r) == 0 {
			return nil, fmt.Errorf("expected rows of one length, found %d and %d numbers", len(rows[0]), len(r))
		}
		m.SetRow(i, unwrapped(r))
	}
	return m, nil
}

func row(xs []*big.Rat) []rational {
	return each(xs, func(x *big.Rat) rational { return rational{x} })
}
func rows(all [][]*big.Rat) [][]rational { return each(all, row) }
func numbers(xs []rational) []*big.Rat   { return each(xs, func(x rational) *big.Rat { return x.Rat }) }
func floats(xs []float64) []gmm.Float {
	return each(xs, func(x float64) gmm.Float { return gmm.Float(x) })
}
func unwrapped(xs []gmm.Float) []float64 {
	return each(xs, func(x gmm.Float) float64 { return float64(x) })
}

// each returns f of every one of xs; nil of nil.
func each[X, Y any](xs []X, f func(X) Y) []Y {
	if xs == nil {
		return nil
	}
	out := make([]Y, len(xs))
	for i, x := range xs {
		out[i] = f(x)
	}
	return out
}
