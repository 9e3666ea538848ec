package losses

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/line"
	"contrastcheck/oracle/proof"
	judge "contrastcheck/oracle/proof/network"
	"contrastcheck/solver/network"
)

// Networks is the map of encoders with one hidden layer. Their losses are not convex in anything: ChooseNetwork has them.
const Networks = "network"

// Network is a loss of encoders with one hidden layer, f(x) = Vᵀσ(Wx + b) + c.
type Network struct {
	Title    string
	Settings Settings
	Shape    network.Shape // Outputs is set by Decide

	kind network.Kind
}

// ChooseNetwork returns the loss of networks that settings ask for, with an activation (the standard one is relu), so many hidden neurons (2) and biases or none, or
// what was expected in their place.
func ChooseNetwork(s Settings, activation string, width int, biases bool) (Network, error) {
	s.Loss, s.Score, s.Map = strings.ToLower(cmp.Or(s.Loss, "infonce")), strings.ToLower(cmp.Or(s.Score, Dot)), Networks
	a, err := network.Named(cmp.Or(activation, "relu"))
	if err != nil {
		return Network{}, fmt.Errorf("losses: --activation: %w", err)
	}
	if width == 0 {
		width = 2
	}
	n := Network{Shape: network.Shape{Activation: a, Hidden: width, Biases: biases}}
	switch s.Loss {
	case "infonce":
		n.kind, n.Title = network.InfoNCE, "InfoNCE loss"
	case "clip":
		n.kind, n.Title = network.CLIP, "CLIP loss"
	case "spectral":
		n.kind, n.Title = network.Spectral, "spectral loss"
	default:
		return Network{}, fmt.Errorf("losses: --map: expected linear with --loss %s, found %q; --map network is served with --loss infonce, clip and spectral", s.Loss, Networks)
	}
	switch {
	case s.Score != Dot:
		return Network{}, fmt.Errorf("losses: --score: expected dot with --map network, found %q", s.Score)
	case s.Negatives != "" && (n.kind == network.Spectral || !strings.EqualFold(s.Negatives, infinity)):
		return Network{}, fmt.Errorf("losses: --negatives: expected inf with --map network, found %s", s.Negatives)
	case s.Bias != "" || s.Margin != "" || s.Temperature != "":
		return Network{}, errors.New("losses: expected no --bias, --margin and --temperature with --map network")
	case width < 1 || width > MostNeurons:
		return Network{}, fmt.Errorf("losses: --width: expected 1 to %d neurons, found %d", MostNeurons, width)
	}
	if n.kind != network.Spectral {
		s.Negatives = infinity
	}
	n.Settings = s
	n.Title += " of networks, " + n.words()
	return n, nil
}

// Activations are the names of those of networks.
func Activations() []string { return network.Names() }

// MostNeurons bounds --width.
const MostNeurons = 64

func (n Network) words() string {
	words := fmt.Sprintf("%d %s neurons", n.Shape.Hidden, n.Shape.Activation.Name)
	if n.Shape.Hidden == 1 {
		words = fmt.Sprintf("1 %s neuron", n.Shape.Activation.Name)
	}
	if !n.Shape.Biases {
		words += " without biases"
	}
	return words
}

// Subspace is what tells the components apart: S_c with biases, S_F without.
func (n Network) Subspace() string {
	if n.Shape.Biases {
		return "S_c"
	}
	return "S_F"
}

// Evaluate is the loss of the document's net, or of its two towers.
func (n Network) Evaluate(d gmm.Document) (value, err float64, failure error) {
	left, right := network.Net(*d.Net), network.Net(*d.Net)
	if d.NetRight != nil {
		right = network.Net(*d.NetRight)
	}
	v, failure := network.Evaluate(n.kind, n.Shape.Activation, d.Pairs, left, right)
	return v.Value, v.Error, failure
}

// Hidden is what is known of a loss of networks.
type Hidden struct {
	Stationary
	// Net is the best net that was found, Outside the share of its hidden weights outside the subspace, whitened.
	Net     network.Net
	Outside float64
	// Dimension is that of the subspace.
	Dimension int
	// Noise is the least second derivative of the loss of the best net inside along hidden weights on noise, known to ±NoiseError; NaN where there is none.
	Noise, NoiseError float64
	// Proved tells that both bounds are proved.
	Proved bool
	// Theorem says by which theorem the best nets lie inside the subspace; "" if there is none.
	Theorem string
}

// Decide searches for the best net of one tower with so many outputs, and refutes containment where two values of the loss do: of sign and ReLU without biases,
// where the means lie on a line, every net inside the subspace is bounded by a proof.
func (n Network) Decide(p gmm.Pairs, outputs int, seed uint64, limit float64) (Hidden, error) {
	n.Shape.Outputs = outputs
	r, err := network.Minimise(n.kind, p, n.Shape, network.Options{Seed: seed})
	if err != nil {
		return Hidden{}, err
	}
	h := Hidden{Net: r.Best.Net, Outside: r.Best.Outside, Dimension: r.Dimension, Noise: r.Noise, NoiseError: r.NoiseError, Theorem: n.theorem()}
	h.Best, h.Inside = foundNet(r.Best), foundNet(r.Inside)
	h.Everything = r.Dimension == p.Left.Dimension()
	h.AtMost, h.AtLeast = math.NaN(), math.NaN()
	h.bound(n, p, limit)
	return h, nil
}

// bound proves the two values.
func (h *Hidden) bound(n Network, p gmm.Pairs, limit float64) {
	name := n.Shape.Activation.Name
	switch {
	case h.Theorem != "":
		h.By = "by theorem: " + h.Theorem
	case n.kind != network.InfoNCE || n.Shape.Biases || name != "sign" && name != "relu":
		h.By = "none: nets inside are bounded of infonce and sign or relu without biases only"
	case !h.Everything:
		c, err := proof.Limit(cmp.Or(limit, 1)).ProveNetwork(p, judge.Activation(name), n.Shape.Hidden)
		switch {
		case errors.Is(err, line.ErrShape):
			h.By = "none: nets inside are bounded where the whitened means lie on a line through 0"
		case err != nil:
			h.By = "none: the bounds that were proved do not meet"
		default:
			h.Grade, h.Proved, h.By = oracle.Bounded, true, "interval arithmetic on both values; prove with the same flags makes a certificate"
			h.AtMost, h.AtLeast = above(c.Comparison.Outside), below(c.Comparison.Inside)
		}
	}
}

// above and below are decimals rounded outward.
func above(decimal string) float64 { return outward(decimal, math.Inf(1)) }
func below(decimal string) float64 { return outward(decimal, math.Inf(-1)) }

func outward(decimal string, towards float64) float64 {
	x, err := gmm.ParseNumber(decimal)
	if err != nil {
		return math.NaN()
	}
	y, exact := x.Float64()
	if exact {
		return y
	}
	return math.Nextafter(y, towards)
}

// theorem says why the best nets lie inside the subspace, "" if nothing does.
func (n Network) theorem() string {
	switch {
	case n.kind == network.Spectral && n.Shape.Biases:
		return "of the spectral loss a net with biases gains nothing from noise, whatever its activation"
	case n.Shape.Activation.Closed:
		return "Gaussian smoothing maps " + n.Shape.Activation.Name + " to itself, so that the average of a net over noise is one of the same width, and better"
	case n.kind == network.InfoNCE && n.Shape.Activation.Step && n.Shape.Biases && n.Shape.Hidden == 1:
		return "one threshold neuron with a bias is at its best inside"
	}
	return ""
}

func foundNet(m network.Minimum) Found {
	return Found{Loss: m.Value, LossError: m.Error, Bias: math.NaN(), GradientNorm: m.GradientNorm, LeastCurvature: m.LeastCurvature, CurvatureError: m.CurvatureError,
		Starts: m.Starts, Reached: m.Reached, Rule: m.Rule, Points: m.Points}
}
