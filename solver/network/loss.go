package network

import (
	"errors"
	"fmt"
	"math"

	"contrastcheck/gmm"
)

// Kind is a loss of scores f(x)·g(y).
type Kind string

// The losses of networks, nats, (x, x̂) a positive pair and x, y independent:
//
//	InfoNCE   −E f(x)·g(x̂) + E_x log E_y e^{f(x)·g(y)}
//	CLIP      InfoNCE of (f, g) and, the modalities exchanged, of (g, f), added
//	Spectral  −2E f(x)·g(x̂) + E(f(x)·g(y))²
const (
	InfoNCE  Kind = "infonce"
	CLIP     Kind = "clip"
	Spectral Kind = "spectral"
)

// of is the loss of two towers on their nodes, with its derivatives by their values, N×r.
func (l Kind) of(delta float64, weights []float64, f, g seen) (value float64, byF, byG [][]float64) {
	r := len(f.values[0])
	byF, byG = table(len(f.values), r), table(len(g.values), r)
	switch l {
	case Spectral:
		value = attract(-2, delta, weights, f, g, byF, byG) + square(f, g, byF, byG)
	case CLIP:
		value = attract(-2, delta, weights, f, g, byF, byG) + partition(f, g, byF, byG) + partition(g, f, byG, byF)
	default:
		value = attract(-1, delta, weights, f, g, byF, byG) + partition(f, g, byF, byG)
	}
	return value, byF, byG
}

// attraction is the derivative of the loss of one tower by E f(x) · of what x is paired with.
func (l Kind) attraction() float64 {
	if l == InfoNCE {
		return -2
	}
	return -4
}

// see is a tower on the nodes of a grid; where its activation is a step, on nodes for the few values that it takes.
func (f tower) see(g grid, weights []float64) (s seen, hidden, slopes []float64) {
	h, r := len(f.b), len(f.c)
	hidden, slopes = make([]float64, len(g.given)*h), make([]float64, len(g.given)*h)
	s = seen{values: table(len(g.given), r), given: g.given}
	for i := range g.given {
		f.at(g.x[i*g.n:(i+1)*g.n], hidden[i*h:(i+1)*h], slopes[i*h:(i+1)*h], s.values[i])
	}
	s.mixed(weights)
	return s, hidden, slopes
}

// ErrSteep says that a loss takes too many nodes.
var ErrSteep = errors.New("network: expected a net whose loss can be integrated")

// Value is a number with an estimate of its error.
type Value struct{ Value, Error float64 }

// rounding is the relative error of sums of many exponentials.
const rounding = 1e-13

// Evaluate is the loss of two towers under pairs, of one tower if f and g are the same: an integral by a rule, with its distance from a rougher rule's. Of one
// modality it takes own covariances, too; of two, one for all components.
func Evaluate(l Kind, a Activation, p gmm.Pairs, f, g Net) (Value, error) {
	if p.Modalities() == 2 && l == InfoNCE {
		return Value{}, fmt.Errorf("network: expected the loss %s or %s of two modalities, found %s", CLIP, Spectral, l)
	}
	left, err := seenBy(p.Left, f)
	if err != nil {
		return Value{}, err
	}
	right, err := seenBy(p.Right, g)
	if err != nil {
		return Value{}, err
	}
	if len(f.C) != len(g.C) {
		return Value{}, fmt.Errorf("%w: expected two towers of as many outputs, found %d and %d", ErrShape, len(f.C), len(g.C))
	}
	weights := p.Weights()
	at := func(r level) (float64, error) {
		one, ok := r.nodes(left.net(f, a), left.view, mostNodes)
		other, also := r.nodes(right.net(g, a), right.view, mostNodes)
		if !ok || !also {
			return 0, fmt.Errorf("%w: a net so steep would take more than %d nodes", ErrSteep, mostNodes)
		}
		x, _, _ := left.net(f, a).see(one, weights)
		y, _, _ := right.net(g, a).see(other, weights)
		x, _ = x.joined(a)
		y, _ = y.joined(a)
		value, _, _ := l.of(p.Delta(), weights, x, y)
		return value, nil
	}
	first, second := good, fine
	if max(len(left.means[0]), len(right.means[0])) == mostDirections {
		first, second = rough, good
	}
	less, err := at(first)
	if err != nil {
		return Value{}, err
	}
	more, err := at(second)
	if err != nil {
		return Value{}, err
	}
	return Value{more, math.Abs(more-less) + rounding*(1+math.Abs(more))}, nil
}

// looked is a view with the biases there.
type looked struct {
	view
	b []float64
}

// seenBy is the view of a mixture through a net.
func seenBy(m *gmm.Mixture, f Net) (looked, error) {
	if err := f.check(m.Dimension()); err != nil {
		return looked{}, err
	}
	s, err := newSide(m)
	if err != nil {
		return looked{}, err
	}
	w, b := s.onto(f)
	v, err := s.see(w, len(f.W))
	return looked{v, b}, err
}

// net is f in the coordinates of its view.
func (l looked) net(f Net, a Activation) tower {
	return tower{u: l.u, b: l.b, v: f.V, c: f.C, activation: a}
}

// joined are the few values of a tower that is constant but for jumps, each with its first node, else the tower and nil.
func (s seen) joined(a Activation) (out seen, first []int) {
	if !a.Step {
		return s, nil
	}
	known := map[string]int{}
	for i, v := range s.values {
		key := fmt.Sprint(v)
		at, ok := known[key]
		if !ok {
			at = len(first)
			known[key] = at
			first = append(first, i)
			out.values, out.given, out.mass = append(out.values, v), append(out.given, make([]float64, len(s.given[i]))), append(out.mass, 0)
		}
		for k, p := range s.given[i] {
			out.given[at][k] += p
		}
		out.mass[at] += s.mass[i]
	}
	return out, first
}
