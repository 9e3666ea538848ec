package network

import (
	"fmt"
	"math"
	"strings"
)

// Activation is the function σ of a hidden layer.
type Activation struct {
	// Name is one of those of Activations.
	Name string
	// At is σ.
	At func(t float64) float64
	// Kinked tells that σ is not smooth at 0; Unbounded that it grows linearly.
	Kinked, Unbounded bool
	// smoothed is E σ(t + √variance ξ), ξ ∼ N(0, 1), where it is a multiple of σ(βt): α and β; nil where it is not.
	smoothed func(variance float64) (alpha, beta float64)
}

// Closed tells that Gaussian smoothing maps σ to a multiple of itself on another scale.
func (a Activation) Closed() bool { return a.smoothed != nil }

// leak is the slope of the leaky ReLU at negative t, as PyTorch has it by default.
const leak = 0.01

// activations in the order in which they are named.
var activations = []Activation{
	{Name: "sign", At: func(t float64) float64 { return math.Copysign(1, t) }, Kinked: true},
	{Name: "relu", At: func(t float64) float64 { return max(t, 0) }, Kinked: true, Unbounded: true},
	{Name: "leaky", At: func(t float64) float64 { return max(t, leak*t) }, Kinked: true, Unbounded: true},
	{Name: "abs", At: math.Abs, Kinked: true, Unbounded: true},
	{Name: "erf", At: math.Erf, smoothed: func(v float64) (float64, float64) { return 1, 1 / math.Sqrt(1+2*v) }},
	{Name: "tanh", At: math.Tanh},
	{Name: "sin", At: math.Sin, smoothed: func(v float64) (float64, float64) { return math.Exp(-v / 2), 1 }},
	{Name: "gaussian", At: func(t float64) float64 { return math.Exp(-t * t / 2) }, smoothed: func(v float64) (float64, float64) {
		return 1 / math.Sqrt(1+v), 1 / math.Sqrt(1+v)
	}},
	{Name: "smooth-relu", At: smoothReLU, Unbounded: true, smoothed: func(v float64) (float64, float64) { return math.Sqrt(1 + v), 1 / math.Sqrt(1+v) }},
}

// Activations are sign, relu, leaky (slope 0.01 at negative t), abs, erf, tanh, sin, gaussian, e^{−t²/2}, and smooth-relu, tΦ(t) + φ(t) = E(t + ξ)₊.
func Activations() []Activation { return append([]Activation(nil), activations...) }

// Named returns an activation by its name.
func Named(name string) (Activation, error) {
	var names []string
	for _, a := range activations {
		if a.Name == name {
			return a, nil
		}
		names = append(names, a.Name)
	}
	return Activation{}, fmt.Errorf("network: expected an activation %s, found %q", strings.Join(names, ", "), name)
}

// distribution is Φ, without cancellation at negative t.
func distribution(t float64) float64 { return math.Erfc(-t/math.Sqrt2) / 2 }

// density is φ.
func density(t float64) float64 { return math.Exp(-t*t/2) / math.Sqrt(2*math.Pi) }

func smoothReLU(t float64) float64 { return t*distribution(t) + density(t) }
