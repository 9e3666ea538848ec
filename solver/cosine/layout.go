package cosine

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// leastSize is that of a rule, in one direction.
const leastSize = 32

// precision is that of rules: they leave about e^{−digits}, and have at most so many nodes in a direction.
type precision struct {
	digits float64
	most   int
}

// fine is float64's, with what the bound has before the exponential, and less on spheres, which are dear; coarse is what a search makes do with.
func fine(r int) precision {
	if r == 3 {
		return precision{24, 1 << 10}
	}
	return precision{45, 1 << 17}
}

func coarse(r int) precision {
	if r == 3 {
		return precision{14, 1 << 10}
	}
	return precision{18, 1 << 16}
}

// nodes is a power of 2 of them, that resolve to a precision what is as narrow one way beside another as a ratio, and has peaks at a distance, counted in widths: the density is
// analytic to |Im θ| < artanh of the ratio. Beyond arsinh(πτ/2) the kernel has zeros of Z.
func (v *evaluator) nodes(of precision, ratio, distance float64) (int, error) {
	return of.power(max(of.densities(ratio, distance), of.digits/v.strip()), ratio)
}

// strip is that of log Z, in |Im θ|.
func (v *evaluator) strip() float64 { return math.Asinh(math.Pi * v.loss.temperature / 2) }

// densities is how many nodes resolve densities.
func (of precision) densities(ratio, distance float64) float64 {
	return max(leastSize, of.digits/ratio, math.Sqrt(8*of.digits)*distance)
}

// power is the next power of 2.
func (of precision) power(need, ratio float64) (int, error) {
	if !(need <= float64(of.most)) {
		return 0, fmt.Errorf("%w, found widths of the ratio %.3g", ErrNarrow, ratio)
	}
	return 1 << int(math.Ceil(math.Log2(need))), nil
}

// around is a rule on a circle: of even nodes, or of squeezed ones along the axes of embeddings, the longer first, where those are less work.
func (v *evaluator) around(g gaussians, of precision) (l layout, axes *mat.Dense, err error) {
	narrow, wide := g.widths[0], g.widths[1]
	ratio := narrow / wide
	var means mat.Dense // across the narrow axis, and along it
	means.Mul(g.axes.T(), g.means)
	far := func(q float64) (distance float64) { // of (u₁, u₂/q), in widths
		_, count := means.Dims()
		for k := range count {
			distance = max(distance, math.Hypot(means.At(1, k), means.At(0, k)/q))
		}
		return distance / min(wide, narrow/q)
	}
	l.around, err = v.nodes(of, ratio, far(1))
	const (
		degreeOfEven, degreeOfSqueezed = 220, 160 // work beside that of a degree of a squeezed node
		most                           = 1 << 21  // harmonics at nodes: 16 MB
	)
	squeeze, need, strip := 0.0, math.Inf(1), math.Tanh(v.strip())
	for q := 0.5; q >= ratio; q /= 2 {
		if n := max(of.densities(ratio/q, far(q)), of.digits/math.Atanh(q*strip)); n < need {
			squeeze, need = q, n
		}
	}
	n, failure := of.power(need, ratio)
	if degrees := v.loss.degrees(of.digits); failure == nil && n*degrees <= most && (err != nil || n*(degreeOfSqueezed+degrees) < degreeOfEven*l.around) {
		axes = mat.NewDense(2, 2, nil)
		axes.SetCol(0, mat.Col(nil, 1, g.axes))
		axes.SetCol(1, mat.Col(nil, 0, g.axes))
		return layout{around: n, squeeze: squeeze, degrees: degrees}, axes, nil
	}
	return l, nil, err
}

// layout is a rule for a precision, and the axes along which embeddings are seen, if not as they are: on a sphere the last of them is the pole, that about which there is least to be resolved.
func (v *evaluator) layout(g gaussians, of precision) (l layout, axes *mat.Dense, err error) {
	r, count := g.means.Dims()
	if r == 1 {
		return layout{}, nil, nil
	}
	far := func(across ...int) (distance float64) { // the farthest mean, along some axes
		for k := range count {
			var sum float64
			for _, i := range across {
				x := mat.Dot(g.axes.ColView(i), g.means.ColView(k))
				sum += x * x
			}
			distance = max(distance, math.Sqrt(sum))
		}
		return distance
	}
	if r == 2 {
		return v.around(g, of)
	}
	nodes, err := v.nodes(of, g.widths[0]/g.widths[2], far(0, 1, 2)/g.widths[0])
	if err != nil {
		return l, nil, err
	}
	l = layout{around: nodes, rings: max(leastSize/2, nodes/2)}
	for pole := range 3 {
		x, y := (pole+1)%3, (pole+2)%3
		least, most := min(g.widths[x], g.widths[y]), max(g.widths[x], g.widths[y])
		if around, err := v.nodes(of, least/most, far(x, y)/least); err == nil && (axes == nil || around < l.around) {
			l.around = around
			axes = mat.NewDense(3, 3, nil)
			for j, i := range []int{x, y, pole} {
				axes.SetCol(j, mat.Col(nil, i, g.axes))
			}
		}
	}
	l.degrees = v.loss.degrees(of.digits)
	if _, _, memory := l.harmonics(); memory > mostHarmonics || l.around*l.rings > mostNodes {
		return l, nil, fmt.Errorf("%w, found widths of the ratio %.3g", ErrNarrow, g.widths[0]/g.widths[2])
	}
	return l, axes, nil
}

// finest is the layout of the finest precision that is served.
func (v *evaluator) finest(g gaussians) (layout, *mat.Dense, error) {
	r, _ := g.means.Dims()
	l, axes, err := v.layout(g, fine(r))
	if err != nil && r == 3 {
		return v.layout(g, coarse(r))
	}
	return l, axes, err
}

// mostHarmonics at the nodes of a meridian are 64 MB, and mostNodes half a second.
const mostHarmonics, mostNodes = 1 << 23, 1 << 17
