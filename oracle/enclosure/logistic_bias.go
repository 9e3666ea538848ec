package enclosure

import (
	"fmt"
	"math"
	"math/cmplx"

	"contrastcheck/oracle/internal/dense"
)

// bias is the number b that is added to the scores.
type bias struct {
	free  bool
	value float64
	off   float64 // bounds the distance to the best one, where it is free
}

// settle plans rules and, where the bias is free, brings it as near to the best one as they tell: the slope ∂_b increases with b and is
//
//	Σ_p m_p ε_p E σ(ε_p(t_p + b)),
//
// of which only e^{θεb} depends on b beside the sums over labels at the nodes. Rules are planned for the bias that they begin with, and their bounds grow
// by at most e^{|Δb|} as it moves, as |Re θ| ≤ 1. Where the tolerance is too coarse beside the curvature in b, it is made finer.
func (l *Logistic) settle(tolerance float64, products int, work *Budget) ([]logisticRule, error) {
	const rounds, farthest, near = 64, 4, 1e-3
	const finest, finer, patience = 1e-15, 64, 8 // tolerances that let the best bias be known, and how often it may move at one
	for round := range rounds {
		rules, err := l.affordable(tolerance, products, work)
		if err != nil || !l.bias.free {
			return rules, err
		}
		s := l.slopes(rules)
		start := l.bias.value
		moved := s.root(start, farthest)
		l.bias.value = moved
		if math.Abs(moved-start) > near {
			if round%patience == patience-1 {
				tolerance = max(tolerance/finer, finest*l.Scale())
			}
			continue
		}
		if l.bias.off = s.uncertainty(moved, math.Abs(moved-start)); math.IsInf(l.bias.off, 1) {
			if tolerance < finest*l.Scale() {
				return nil, fmt.Errorf("%w: no bias is certain to be the best", ErrGrid)
			}
			tolerance /= finer
			continue
		}
		for i := range rules {
			rules[i].gradient *= math.Exp(near)
			rules[i].hessian *= math.Exp(near)
		}
		return rules, nil
	}
	return nil, fmt.Errorf("%w: no bias is found", ErrGrid)
}

// slopes are ∂_b and ∂²_b as functions of b, at one M.
type slopes struct {
	constant float64 // where lines are not moved
	nodes    []slopeNode
	err      float64 // of ∂_b, but for the rounding of nodes
	rounding float64 // of the terms that do not depend on b
}

// slopeNode is a node: ∂_b has Re(weight e^{exponent b}), ∂²_b Re(exponent weight e^{exponent b}).
type slopeNode struct {
	exponent, weight complex128
	rounding         float64 // in units of Roundoff, without e^{exponent b}
}

func (l *Logistic) slopes(rules []logisticRule) slopes {
	var s slopes
	var t tilted
	for i, p := range l.parts {
		rule := rules[i]
		s.err += rule.gradient + l.offBy(p).mass
		if rule.shift == 0 {
			s.constant += p.factor * p.sign / 2
			s.rounding += 4 * p.factor
		}
		sums := float64(rule.n + len(p.labels()))
		for n := range rule.n {
			theta, weight := rule.node(n)
			var node slopeNode
			node.exponent = theta * complex(p.sign, 0)
			for c, q := range p.labels() {
				p.tilt(&t, node.exponent, c)
				node.weight += complex(q, 0) * t.mass
				node.rounding += q * cmplx.Abs(t.mass) * (sums + t.roundings())
			}
			node.weight *= weight * complex(p.factor*p.sign, 0)
			node.rounding *= cmplx.Abs(weight) * p.factor
			s.nodes = append(s.nodes, node)
		}
	}
	return s
}

// at returns ∂_b, a bound of its error, and ∂²_b.
func (s slopes) at(b float64) (slope, err, curvature float64) {
	slope, err = s.constant, s.rounding
	for _, n := range s.nodes {
		biased := cmplx.Exp(n.exponent * complex(b, 0))
		term := n.weight * biased
		slope += real(term)
		curvature += real(n.exponent * term)
		err += cmplx.Abs(biased) * (n.rounding + 4*cmplx.Abs(n.exponent)*math.Abs(b)*cmplx.Abs(n.weight))
	}
	return slope, roundedUp * (s.err + dense.Roundoff*err), curvature
}

// root is a bias no farther from start than so much at which the slope is 0 as far as it tells, or the end that is nearer to it: by Newton's steps, kept
// between biases of either sign.
func (s slopes) root(start, farthest float64) float64 {
	low, high := start-farthest, start+farthest
	b := start
	const steps = 64
	for range steps {
		slope, _, curvature := s.at(b)
		if slope < 0 {
			low = b
		} else {
			high = b
		}
		next := b - slope/curvature
		if !(next > low && next < high) {
			next = (low + high) / 2
		}
		if math.Abs(next-b) <= 4*dense.Roundoff*(1+math.Abs(b)) {
			return next
		}
		b = next
	}
	return b
}

// uncertainty is an η for which ∂_b is certainly negative at b − η and positive at b + η, when the bounds of the errors are for a bias that is so far away; +Inf where none
// is found.
func (s slopes) uncertainty(b, away float64) float64 {
	_, err, curvature := s.at(b)
	for eta := max(2*err/curvature, 4*dense.Roundoff*(1+math.Abs(b))); eta <= 1; eta *= 2 {
		below, errBelow, _ := s.at(b - eta)
		above, errAbove, _ := s.at(b + eta)
		grown := math.Exp(eta + away)
		if below < -grown*errBelow && above > grown*errAbove {
			return eta
		}
	}
	return math.Inf(1)
}
