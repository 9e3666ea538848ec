package quadrature

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// ErrCost says that no tensor rule within the limit of nodes reaches any useful tolerance.
var ErrCost = errors.New("quadrature: the integral needs more nodes than allowed")

// Rule is a tensor product of Gauss–Hermite rules for E g(t), t ∼ N(0, I_q).
type Rule struct {
	Directions []Points // one for each of the q directions
	Order      []int    // the number of points of each direction's full rule
	// Error estimates the error of E p_k(t), and of E t_i p_k(t), for softmax
	// weights p whose logits are linear in t; both p and t_i p are of size 1.
	Error float64
}

// Nodes returns the number of nodes.
func (r Rule) Nodes() int {
	nodes := 1
	for _, p := range r.Directions {
		nodes *= len(p.Nodes)
	}
	return nodes
}

// Refine returns the rule with factor times the points along each direction, at
// most MostPoints. Its Error is that of r, which it does not exceed.
func (r Rule) Refine(factor int) Rule {
	fine := Rule{Error: r.Error}
	for _, n := range r.Order {
		n = min(factor*n, MostPoints)
		fine.Order = append(fine.Order, n)
		fine.Directions = append(fine.Directions, Hermite(n))
	}
	return fine
}

// String describes the rule: "Gauss–Hermite 24×16".
func (r Rule) String() string {
	if len(r.Directions) == 0 {
		return "exact"
	}
	sizes := make([]string, len(r.Directions))
	for i, p := range r.Directions {
		sizes[i] = fmt.Sprint(len(p.Nodes))
	}
	return "Gauss–Hermite " + strings.Join(sizes, "×")
}

// Choose returns the smallest tensor rule whose error estimate is at most
// tolerance, for a softmax whose logits differ in slope by ranges[i] ≥ 0 along
// direction i. Where that would take more than limit nodes, the rule is the best
// found within the limit, and its Error is larger than tolerance; ErrCost where
// even an error of 0.01 is out of reach.
func Choose(ranges []float64, tolerance float64, limit int) (Rule, error) {
	var r Rule
	err := r.Choose(ranges, tolerance, limit)
	return r, err
}

// Choose is the function Choose into r, whose memory it uses again.
func (r *Rule) Choose(ranges []float64, tolerance float64, limit int) error {
	const coarsest = 0.01
	for aim := tolerance; aim <= max(coarsest, tolerance); aim *= 4 {
		r.Directions, r.Order, r.Error = r.Directions[:0], r.Order[:0], 0
		nodes := 1.0
		for _, d := range ranges {
			n, estimate := pointsFor(d, aim/float64(len(ranges)))
			points := Hermite(n)
			r.Directions = append(r.Directions, points)
			r.Order = append(r.Order, n)
			r.Error += estimate
			nodes *= float64(len(points.Nodes))
		}
		if nodes <= float64(limit) && (r.Error <= aim || aim*4 > coarsest) {
			return nil
		}
	}
	*r = Rule{}
	return fmt.Errorf("%w: %d directions, limit %d", ErrCost, len(ranges), limit)
}

// pointsFor returns the number of points along one direction, and the estimate
// there. A direction that is not flat has at least two, so that E t² = 1 in the
// Hessian.
func pointsFor(slopeRange, tolerance float64) (n int, estimate float64) {
	poles := newPoleError(slopeRange)
	for n = 1; n <= MostPoints; n++ {
		estimate = poles.next()
		if estimate <= tolerance && (n > 1 || slopeRange == 0) {
			return n, estimate
		}
	}
	return MostPoints, estimate
}

// Estimate returns the estimated error of the n-point rule along a direction
// with the given range of slopes.
func Estimate(slopeRange float64, n int) float64 {
	poles := newPoleError(slopeRange)
	var estimate float64
	for range n {
		estimate = poles.next()
	}
	return estimate
}

// poleError estimates the Gauss–Hermite error for a softmax of slope range D.
//
// As a function of complex t the softmax has its poles at |Im t| ≥ π/D, with
// residues about 1/D. For 1/(z − t) the n-point error is the tail of a continued
// fraction; at z = ib its terms alternate and the first of them bounds it:
//
//	e_n(b) = n! / (h_n h_{n+1}),  h_{m+1} = b h_m + m h_{m−1},  h_0 = 1, h_1 = b
//
// (h_m = |He_m(ib)|). The estimate is safety · (1 + b) · e_n(b) / D with b = π/D:
// two conjugate poles, the factor t of E t p by 1 + b, and a safety that random
// softmaxes of up to five logits were found not to exceed (see the tests).
type poleError struct {
	scale, b float64
	ratio    float64 // h_{n+1}/h_n
	e        float64 // e_n
	n        int
}

// safety covers towers of poles, several of them at one height, and shifted ones.
const safety = 8

func newPoleError(slopeRange float64) poleError {
	if slopeRange == 0 {
		return poleError{}
	}
	b := math.Pi / slopeRange
	return poleError{scale: safety * (1 + b) / slopeRange, b: b, ratio: b, e: 1 / b}
}

// next advances n by one and returns the estimate for it.
func (p *poleError) next() float64 {
	p.n++
	m := float64(p.n)
	if p.scale == 0 {
		return 0
	}
	following := p.b + m/p.ratio
	p.e *= m / (p.ratio * following)
	p.ratio = following
	return p.scale * p.e
}
