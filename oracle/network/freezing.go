package network

import (
	"contrastcheck/gmm"
)

// Freezing compares the InfoNCE loss of two towers with the average of those of the same towers of which the noise is frozen, f_u(p) = f(p + u), g_v(q) = g(q + v), u and v independent:
// L(f, g) ≥ E L(f_u, g_v). A frozen tower is the net that sees P_c x alone, with other biases. Any activation will do.
func Freezing(p gmm.Pairs, f, g Net) (Margin, error) {
	return freezing(p, f, g, func(r rule, f Net, x law) []frozen { return f.frozen(r, x) })
}

func freezing(p gmm.Pairs, f, g Net, freeze func(rule, Net, law) []frozen) (Margin, error) {
	x, err := preactivations(p, f)
	if err != nil {
		return Margin{}, err
	}
	y, err := preactivations(p, g)
	if err != nil {
		return Margin{}, err
	}
	return compared(func(r rule) (left, right float64) {
		us, vs := freeze(r, f, x), freeze(r, g, y)
		for _, u := range us {
			for _, v := range vs {
				right += u.probability * v.probability * loss(p.Delta(), x.weights, u.tower, v.tower)
			}
		}
		return loss(p.Delta(), x.weights, f.seen(r, x), g.seen(r, y)), right
	}), nil
}

// frozen is a tower whose noise has one value, and the probability of it.
type frozen struct {
	tower
	probability float64
	nodes       []node
}

// frozen are the towers of all values of the noise. A jump of f at a preactivation without signal is one of f_u at some u, where panels end, too.
func (f Net) frozen(r rule, l law) (out []frozen) {
	for _, u := range r.nodes(l.means[:1], l.noise, f.Activation.Kinked) { // the noise is shifted by a mean of t, for the kinks
		shifted := make([][]float64, len(l.means))
		for k, m := range l.means {
			shifted[k] = make([]float64, len(m))
			for j := range m {
				shifted[k][j] = m[j] + u.t[j] - l.means[0][j]
			}
		}
		nodes := r.nodes(shifted, l.signal, f.Activation.Kinked)
		out = append(out, frozen{f.on(nodes), u.given[0], nodes})
	}
	return out
}
