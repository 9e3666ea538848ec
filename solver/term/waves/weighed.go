package waves

import "math/cmplx"

// Weighed is the law of x and v under one label, weighed by e^{θt} at a node.
type Weighed struct {
	Mass complex128   // times the label's probability, and what the node's weight, m and the bias make of it
	X, V []complex128 // the means
	All  []Tilt       // of all coordinates
}

// Product is the mean of x_i v_k, its mass apart.
func (t *Weighed) Product(i, k int) complex128 {
	z := t.X[i] * t.V[k]
	if i == k {
		z += t.All[i].XV
	}
	return z
}

// means states those of a label, and log E e^{θt}.
func (t *Weighed) means(label Label) (exponent complex128) {
	rows, columns := len(label.X), len(label.V)
	t.X, t.V = t.X[:0], t.V[:0]
	for i := range t.All {
		var x, v float64
		if i < rows {
			x = label.X[i]
		}
		if i < columns {
			v = label.V[i]
		}
		share, ofX, ofV := t.All[i].At(x, v)
		exponent += share
		t.X, t.V = append(t.X, ofX), append(t.V, ofV)
	}
	t.X, t.V = t.X[:rows], t.V[:columns]
	return exponent
}

// Labelled are points x and v under labels, in coordinates in which M is diagonal.
type Labelled struct {
	Labels []Label
	Noise  Noise
	Values []float64 // of M; there may be more coordinates, which it does not see
}

// At visits the laws of all labels at one θ, by their number, without a node's weight.
func (p Labelled) At(theta complex128, t *Weighed, visit func(label int)) {
	t.All = p.tilts(t.All[:0], theta)
	for c, label := range p.Labels {
		t.Mass = complex(label.Weight, 0) * cmplx.Exp(t.means(label))
		visit(c)
	}
}

// tilts are those of all coordinates.
func (p Labelled) tilts(out []Tilt, theta complex128) []Tilt {
	for i := range p.coordinates() {
		var s float64
		if i < len(p.Values) {
			s = p.Values[i]
		}
		out = append(out, p.Noise.Tilt(theta, s))
	}
	return out
}

func (p Labelled) coordinates() int { return max(len(p.Labels[0].X), len(p.Labels[0].V)) }

// Laws are those of points at the nodes of a rule, for scores of either sign.
type Laws struct {
	Labelled
	rule Rule
	sign float64
	// What costs most is kept for all nodes, one after another, unless it is too much.
	tilts  []Tilt
	masses []complex128
}

// mostKept bounds what is kept, in complex numbers.
const mostKept = 1 << 20

// NewLaws returns them, and the wave of the scores that these points have. The sign is 1 or −1.
func NewLaws(rule Rule, points Labelled, scores []Score, sign float64) (Laws, Wave) {
	l := Laws{Labelled: points, rule: rule, sign: sign}
	sums := make([]complex128, len(rule.Nodes)) // Σ of the labels' masses
	const numbers = 11                          // of a tilt
	nodes, coordinates, labels := len(rule.Nodes), points.coordinates(), len(points.Labels)
	kept := nodes*(numbers*coordinates+labels) <= mostKept
	if kept {
		l.tilts, l.masses = make([]Tilt, 0, nodes*coordinates), make([]complex128, 0, nodes*labels)
	}
	var t Weighed
	for n, node := range rule.Nodes {
		points.At(node.Theta*complex(sign, 0), &t, func(int) {
			sums[n] += t.Mass
			if kept {
				l.masses = append(l.masses, t.Mass)
			}
		})
		sums[n] *= node.Weight
		if kept {
			l.tilts = append(l.tilts, t.All...)
		}
	}
	return l, Wave{rule, sign, scores, sums}
}

// Each visits all nodes and labels, with the weights of nodes times what a bias makes of them, and times a factor.
func (l Laws) Each(bias, factor float64, visit func(theta complex128, t *Weighed)) {
	var t Weighed
	coordinates, labels := l.coordinates(), len(l.Labels)
	for n, node := range l.rule.Nodes {
		weight := node.Weight * Biased(node.Theta, l.sign, bias) * complex(factor, 0)
		if l.masses == nil {
			l.At(node.Theta*complex(l.sign, 0), &t, func(int) {
				t.Mass *= weight
				visit(node.Theta, &t)
			})
			continue
		}
		t.All = l.tilts[n*coordinates : (n+1)*coordinates]
		for c, label := range l.Labels {
			t.means(label)
			t.Mass = weight * l.masses[n*labels+c]
			visit(node.Theta, &t)
		}
	}
}
