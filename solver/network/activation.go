package network

import (
	"fmt"
	"math"
	"strings"
)

// Activation is the function σ of a hidden layer.
type Activation struct {
	// Name is one of those of Names.
	Name string
	// At is σ and its derivative, at a kink that of the right.
	At func(t float64) (value, slope float64)
	// Closed tells that Gaussian smoothing maps σ to a multiple of itself on another scale, so that noise does not help a net with biases.
	Closed bool
	// Step tells that σ is constant but for jumps, so that the loss changes with hidden weights as mass passes from side to side.
	Step bool

	kinked, waves bool    // it is not smooth at 0; it varies everywhere
	left, right   float64 // its slopes at −∞ and ∞
}

// activations in the order in which they are named.
var activations = []Activation{
	{Name: "sign", Step: true, kinked: true, At: func(t float64) (float64, float64) { return math.Copysign(1, t), 0 }},
	{Name: "relu", kinked: true, right: 1, At: bent(0)},
	{Name: "leaky", kinked: true, left: leak, right: 1, At: bent(leak)},
	{Name: "abs", kinked: true, left: -1, right: 1, At: bent(-1)},
	{Name: "erf", Closed: true, At: func(t float64) (float64, float64) { return math.Erf(t), 2 / math.SqrtPi * math.Exp(-t*t) }},
	{Name: "phi", Closed: true, At: func(t float64) (float64, float64) { return below(t), bell(t) }},
	{Name: "tanh", At: func(t float64) (float64, float64) { y := math.Tanh(t); return y, 1 - y*y }},
	{Name: "logistic", At: logistic},
	{Name: "sin", Closed: true, waves: true, At: func(t float64) (float64, float64) { s, c := math.Sincos(t); return s, c }},
	{Name: "cos", Closed: true, waves: true, At: func(t float64) (float64, float64) { s, c := math.Sincos(t); return c, -s }},
	{Name: "gaussian", Closed: true, At: func(t float64) (float64, float64) { y := math.Exp(-t * t / 2); return y, -t * y }},
	{Name: "smooth-relu", Closed: true, right: 1, At: func(t float64) (float64, float64) { return t*below(t) + bell(t), below(t) }},
	{Name: "gelu", right: 1, At: func(t float64) (float64, float64) { return t * below(t), below(t) + t*bell(t) }},
	{Name: "softplus", right: 1, At: func(t float64) (float64, float64) {
		y, _ := logistic(t)
		return max(t, 0) + math.Log1p(math.Exp(-math.Abs(t))), y
	}},
}

// infinite are activations whose InfoNCE loss is +∞ unless the net is affine: they outgrow what a Gaussian averages.
var infinite = []string{"square", "cube", "exp"}

// Names are those of the activations: sign, relu, leaky (slope 0.01 at negative t), abs, erf, phi (Φ), tanh, logistic, sin, cos, gaussian (e^{−t²/2}),
// smooth-relu (tΦ(t) + φ(t)), gelu (tΦ(t)) and softplus.
func Names() (names []string) {
	for _, a := range activations {
		names = append(names, a.Name)
	}
	return names
}

// Named returns an activation by its name, in either case.
func Named(name string) (Activation, error) {
	name = strings.ToLower(name)
	for _, a := range activations {
		if a.Name == name {
			return a, nil
		}
	}
	for _, x := range infinite {
		if x == name {
			return Activation{}, fmt.Errorf("network: %s: expected an activation whose loss is finite: that of this one is +∞ wherever the net is not affine, as e^{f(x)·f(y)} outgrows the Gaussian", name)
		}
	}
	return Activation{}, fmt.Errorf("network: expected an activation %s, found %q", strings.Join(Names(), ", "), name)
}

// leak is the slope of the leaky ReLU at negative t, PyTorch's default.
const leak = 0.01

// bent is t for t ≥ 0, else slope·t.
func bent(slope float64) func(float64) (float64, float64) {
	return func(t float64) (float64, float64) {
		if t < 0 {
			return slope * t, slope
		}
		return t, 1
	}
}

func logistic(t float64) (float64, float64) {
	e := math.Exp(-math.Abs(t))
	y := e / (1 + e) // at −|t|
	slope := y / (1 + e)
	if t > 0 {
		y = 1 / (1 + e)
	}
	return y, slope
}

// below is Φ, bell its derivative φ.
func below(t float64) float64 { return math.Erfc(-t/math.Sqrt2) / 2 }
func bell(t float64) float64  { return math.Exp(-t*t/2) / math.Sqrt(2*math.Pi) }

// far is the slope at ±∞ along t, times t.
func (a Activation) far(t float64) float64 {
	if t < 0 {
		return a.left * t
	}
	return a.right * t
}
