package network

import (
	"errors"
	"fmt"
	"math"
)

// Net is an encoder with one hidden layer of h neurons and r outputs, f(x) = Vᵀσ(Wx + B) + C.
type Net struct {
	W [][]float64 // h×d
	B []float64   // h
	V [][]float64 // h×r: how each neuron enters the outputs
	C []float64   // r
}

// ErrShape says that a net does not fit itself or its mixture.
var ErrShape = errors.New("network: the shape of a net")

// check wants a net of d inputs.
func (f Net) check(d int) error {
	h := len(f.W)
	if h == 0 || len(f.B) != h || len(f.V) != h || len(f.C) == 0 {
		return fmt.Errorf("%w: expected as many biases and output weights as neurons, and an output; found %d neurons, %d biases, %d output weights, %d outputs", ErrShape, h, len(f.B), len(f.V), len(f.C))
	}
	for j := range h {
		if len(f.W[j]) != d || len(f.V[j]) != len(f.C) {
			return fmt.Errorf("%w: expected %d weights and %d outputs of neuron %d, found %d and %d", ErrShape, d, len(f.C), j+1, len(f.W[j]), len(f.V[j]))
		}
	}
	return nil
}

// empty is a net of zeros.
func empty(h, d, r int) Net {
	return Net{W: table(h, d), B: make([]float64, h), V: table(h, r), C: make([]float64, r)}
}

func table(rows, columns int) [][]float64 {
	all, out := make([]float64, rows*columns), make([][]float64, rows)
	for i := range out {
		out[i] = all[i*columns : (i+1)*columns : (i+1)*columns]
	}
	return out
}

// tower is a net in the coordinates of its nodes: preactivations are Ux + b.
type tower struct {
	u          [][]float64 // h×n
	b          []float64
	v          [][]float64
	c          []float64
	activation Activation
}

// at writes preactivations, hidden values and outputs at x.
func (f tower) at(x, hidden, slope, out []float64) {
	copy(out, f.c)
	for j, u := range f.u {
		hidden[j], slope[j] = f.activation.At(f.b[j] + dot(u, x))
		for i, v := range f.v[j] {
			out[i] += v * hidden[j]
		}
	}
}

// growth bounds ‖f(Rx)‖/R for large R and ‖x‖ = 1, on directions close enough that the bound is 1 % off at most where f turns no sharper.
func (f tower) growth() (most float64) {
	if f.activation.left == 0 && f.activation.right == 0 {
		return 0
	}
	out := make([]float64, len(f.c))
	for _, x := range directions(len(f.u[0])) {
		clear(out)
		for j, u := range f.u {
			s := f.activation.far(dot(u, x))
			for i, v := range f.v[j] {
				out[i] += v * s
			}
		}
		most = max(most, norm(out))
	}
	return most
}

// directions are unit vectors that are nowhere far from one.
func directions(n int) (all [][]float64) {
	switch n {
	case 0:
	case 1:
		all = [][]float64{{1}, {-1}}
	case 2:
		const turns = 64
		for i := range turns {
			s, c := math.Sincos(2 * math.Pi * float64(i) / turns)
			all = append(all, []float64{c, s})
		}
	default:
		const points = 400 // of a Fibonacci lattice on the sphere, the last coordinates 0
		for i := range points {
			z := 1 - (2*float64(i)+1)/points
			s, c := math.Sincos(math.Pi * (3 - math.Sqrt(5)) * float64(i))
			x := make([]float64, n)
			x[0], x[1], x[2] = c*math.Sqrt(1-z*z), s*math.Sqrt(1-z*z), z
			all = append(all, x)
		}
	}
	return all
}

func dot(x, y []float64) (sum float64) {
	for i, a := range x {
		sum += a * y[i]
	}
	return sum
}

func norm(x []float64) float64 { return math.Sqrt(dot(x, x)) }
