package frullani

import (
	"fmt"
	"math"
	"strings"

	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// Law is that of an anchor x, of its positive, which with probability Delta shares its component, and of negatives, points of a mixture of covariance I.
type Law struct {
	Weights   []float64  // K
	Means     *mat.Dense // m×K, in coordinates in which M is diagonal
	Delta     float64
	Negatives int
	// Cores share the work, on which results do not depend.
	Cores int
	// Choose picks a tensor rule, as quadrature.Rule.Choose does.
	Choose func(rule *quadrature.Rule, ranges []float64, tolerance float64, limit int) error
}

// Average is the mean over anchors at an M of log Z − s_0 and of its derivatives.
type Average struct {
	Value    float64
	Gradient *mat.Dense // m×m, not symmetric
	// Bend has the second derivatives, where they were asked for.
	Bend *Bend
	// Error estimates that of the gradient in Frobenius norm, by quadrature.
	Error float64
	// Nodes are those of all anchors.
	Nodes int
	// Rule names the largest rule of a component.
	Rule string
}

// At averages at M = diag(s), to an error of the gradient of about tolerance, with second derivatives if bent, by at most limit nodes a component. It
// fails with quadrature.ErrCost where these are too few.
//
// With g = Σ_k q_k μ_k + 2rMx under the anchor x, E[x x̂ᵀ] being δC + (1−δ)μ̄μ̄ᵀ, the gradient is
//
//	Σ_j w_j E_j[x (g − μ_j)ᵀ] + (1−δ) Σ_j w_j (μ_j − μ̄)(μ_j − μ̄)ᵀ.
func (l Law) At(s []float64, tolerance float64, bent bool, limit int) (Average, error) {
	m, k := l.Means.Dims()
	out := Average{Gradient: mat.NewDense(m, m, nil)}
	if bent {
		out.Bend = newBend(m)
	}
	var scale float64
	for j, w := range l.Weights {
		scale += w * l.size(s, j)
	}
	const coarsest = 0.05
	anchors, most := make([]anchors, k), 0
	for j, w := range l.Weights {
		var err error
		aim := min(coarsest, tolerance/(2*float64(k)*w*l.size(s, j)))
		if anchors[j], err = l.anchors(s, j, aim, limit); err != nil {
			return Average{}, err
		}
		out.Error += w * l.size(s, j) * anchors[j].err
		out.Nodes += anchors[j].nodes()
		if n := anchors[j].nodes(); n > most {
			most, out.Rule = n, anchors[j].name
		}
	}
	inner := max(finest, min(coarsest, tolerance/(2*scale)))
	var defect float64
	for j := range l.Weights {
		for _, p := range l.pieces(anchors[j], s, j, inner, bent) {
			w := l.Weights[j]
			out.Value += w * p.value
			dense.AddScaled(out.Gradient, w, p.gradient)
			defect += w * p.defect
			if bent {
				out.Bend.add(w, p.bend)
			}
		}
	}
	out.Error += inner*scale + defect
	l.addPositives(&out, s)
	return out, nil
}

// finest is the accuracy beyond which rounding is the larger part.
const finest = 1e-15

// size bounds, under component j, E|x| times what g − μ_j is like.
func (l Law) size(s []float64, j int) float64 {
	m, k := l.Means.Dims()
	anchor := float64(m)
	reach, pull := 0.0, 0.0
	for i := range m {
		anchor += l.Means.At(i, j) * l.Means.At(i, j)
	}
	for c := range k {
		var apart float64
		for i := range m {
			d := l.Means.At(i, c) - l.Means.At(i, j)
			apart += d * d
		}
		reach = max(reach, apart)
	}
	for i, x := range s {
		pull += x * x * (1 + l.Means.At(i, j)*l.Means.At(i, j))
	}
	return math.Sqrt(anchor) * (math.Sqrt(reach) + math.Sqrt(pull))
}

// partners are the probabilities of the positive's components under component j.
func (l Law) partners(j int) []float64 {
	out := make([]float64, len(l.Weights))
	for k, w := range l.Weights {
		if out[k] = (1 - l.Delta) * w; k == j {
			out[k] += l.Delta
		}
	}
	return out
}

// addPositives adds what the positives' scores alone do: −E s_0 to the value and (1−δ)B to the gradient.
func (l Law) addPositives(out *Average, s []float64) {
	m, k := l.Means.Dims()
	mean := make([]float64, m)
	for i := range m {
		for j, w := range l.Weights {
			mean[i] += w * l.Means.At(i, j)
		}
	}
	centred := make([]float64, m)
	for j := range k {
		w := l.Weights[j]
		for i, x := range mean {
			mu := l.Means.At(i, j)
			centred[i] = mu - x
			out.Value -= w * s[i] * (l.Delta*mu*mu + (1-l.Delta)*x*mu)
		}
		dense.AddOuter(out.Gradient, w*(1-l.Delta), centred, centred)
	}
}

// anchors is a rule for x ∼ N(μ_j, I): a tensor rule of the directions in which the softmax varies, times, where some are faint,
// the rule of degree 3 with a point each way along each of those.
type anchors struct {
	rule   quadrature.Rule
	strong []int // directions of the rule
	faint  []int
	err    float64
	name   string
}

func (a anchors) nodes() int { return a.rule.Nodes() * max(1, 2*len(a.faint)) }

// anchors chooses a rule under component j.
func (l Law) anchors(s []float64, j int, tolerance float64, limit int) (anchors, error) {
	const flat = 1e-6 // of a range: two points are enough for moments
	m, k := l.Means.Dims()
	var a anchors
	var ranges []float64
	for i, x := range s {
		least, most := math.Inf(1), math.Inf(-1)
		for c := range k {
			least, most = min(least, l.Means.At(i, c)), max(most, l.Means.At(i, c))
		}
		width := max(flat, spread(math.Abs(x), most-least, tolerance))
		if off := quadrature.Estimate(width, 2); off <= tolerance/float64(m*m) {
			a.faint = append(a.faint, i)
			a.err += float64(m) * off
			continue
		}
		a.strong = append(a.strong, i)
		ranges = append(ranges, width)
	}
	if len(a.strong) > 0 {
		if err := l.Choose(&a.rule, ranges, tolerance, limit/max(1, 2*len(a.faint))); err != nil {
			return a, err
		}
		// the memory of a rule may be used again by who chose it
		a.rule.Directions = append([]quadrature.Points(nil), a.rule.Directions...)
	}
	a.err += a.rule.Error
	a.name = a.rule.String()
	if n := len(a.faint); n > 0 {
		a.name = strings.TrimPrefix(a.name+" × ", "exact × ") + fmt.Sprintf("degree 3 in %d", n)
	}
	return a, nil
}

// spread is the range of logits along a direction of eigenvalue s that a rule is to be chosen by. As functions of x softmaxes over fixed points have their poles where two logits differ by
// iπ, and points spread by their means and by r deviations each way with the probability P(|ξ| > r): a rule has to be as fine as the error there, times this, asks for, for each r.
func spread(s, means, tolerance float64) float64 {
	const most = 8
	points, worst := 0, 0.0
	needed := func(width, tolerance float64) int {
		low, high := 1, quadrature.MostPoints
		for low < high {
			if middle := (low + high) / 2; quadrature.Estimate(width, middle) <= tolerance {
				high = middle
			} else {
				low = middle + 1
			}
		}
		return low
	}
	for r := 1.0; r <= most; r++ {
		width, rare := s*(means+2*r), math.Erfc(r/math.Sqrt2)
		if n := needed(width, tolerance/rare); n > points {
			points, worst = n, width
		}
	}
	narrow, wide := s*means, worst
	for range 12 {
		if middle := (narrow + wide) / 2; needed(middle, tolerance) < points {
			narrow = middle
		} else {
			wide = middle
		}
	}
	return wide
}

// node writes the n-th node, less μ_j, and returns its weight.
func (a anchors) node(n int, into []float64) float64 {
	weight := 1.0
	if f := 2 * len(a.faint); f > 0 {
		for _, i := range a.faint {
			into[i] = 0
		}
		length := math.Sqrt(float64(len(a.faint)))
		if n%2 == 1 {
			length = -length
		}
		into[a.faint[n%f/2]] = length
		weight, n = 1/float64(f), n/f
	}
	for d, i := range a.strong {
		points := a.rule.Directions[d]
		into[i] = points.Nodes[n%len(points.Nodes)]
		weight *= points.Weights[n%len(points.Nodes)]
		n /= len(points.Nodes)
	}
	return weight
}
