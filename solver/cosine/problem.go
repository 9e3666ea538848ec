package cosine

import (
	"errors"
	"fmt"
	"math"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// MostColumns is the largest rank of a representation whose loss is evaluated.
const MostColumns = 3

// The temperatures that are served: below, a rule has too many nodes.
const LeastTemperature, MostTemperature = 0.01, 100

// ErrColumns says that a representation has a rank that is not served, and ErrNarrow that its embeddings are so much narrower one way than another, or so far from the origin, that the
// rules do not resolve their directions.
var (
	ErrColumns = errors.New("cosine: expected a representation of rank 1 to 3")
	ErrNarrow  = errors.New("cosine: expected embeddings that are resolved on the sphere")
)

// leastSize is that of a rule, in one direction.
const leastSize = 32

// evaluator has the rules of a loss, each made once.
type evaluator struct {
	loss Loss
	law  law
	on   map[layout]resolved
}

// resolved is the loss on one rule.
type resolved struct {
	*field
	functional
}

func newEvaluator(l Loss, p law) *evaluator {
	return &evaluator{loss: l, law: p, on: map[layout]resolved{}}
}

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

func (v *evaluator) field(r int, l layout) resolved {
	if _, ok := v.on[l]; !ok {
		f := newField(r, l)
		v.on[l] = resolved{f, v.loss.functional(v.loss.temperature, f)}
	}
	return v.on[l]
}

// value is the loss of embeddings, with the best bias, on a rule along axes, nil for those that they have; where derivatives are given with its derivatives in the means, r×K, and the covariance.
func (v *evaluator) value(g gaussians, l layout, axes, means, covariance *mat.Dense) (value, bias float64) {
	r, count := g.means.Dims()
	if axes != nil {
		value, bias = v.value(g.turned(axes), l, nil, means, covariance)
		if means != nil { // back
			means.Mul(axes, mat.DenseCopyOf(means))
			var half mat.Dense
			half.Mul(axes, covariance)
			covariance.Mul(&half, axes.T())
		}
		return value, bias
	}
	on := v.field(r, l)
	radials, densities := make([]radial, count), make([][]float64, count)
	for k := range radials {
		radials[k] = g.at(k, on.at)
		densities[k] = radials[k].moments[0]
	}
	value, bias, h := on.of(v.law, densities, means != nil)
	if means == nil {
		return value, bias
	}
	slope := make([]float64, r)
	for k := range radials {
		for i, w := range on.field.weights {
			h[k][i] *= w
		}
		clear(slope)
		g.slopes(k, radials[k], on.at, h[k], slope, covariance)
		means.SetCol(k, slope)
	}
	return value, bias
}

// Evaluation is the loss of a representation.
type Evaluation struct {
	// Value is known to ±Error, an estimate from a finer rule, or rounding.
	Value, Error float64
	// Bias is the b of a sigmoid loss, NaN of others.
	Bias float64
	Rule string
	// Points are the nodes of the rule.
	Points int
}

// Admits refuses pairs of two modalities and components with covariances of their own, with gmm.ErrOtherModel, and means that are all 0.
func Admits(p gmm.Pairs) error { return p.WantSingle() }

// Evaluate is the loss of x ↦ Aᵀx/‖Aᵀx‖ for A, d×r in original coordinates. It refuses what Admits does, with ErrColumns a rank of 0 or above MostColumns, and with
// ErrNarrow what the rules do not resolve. It panics if A has not d rows.
func Evaluate(l Loss, p gmm.Pairs, a *mat.Dense) (Evaluation, error) {
	means, covariance, err := embedded(p, a)
	if err != nil {
		return Evaluation{}, err
	}
	g, err := reduced(means, covariance)
	if err != nil {
		return Evaluation{}, err
	}
	return newEvaluator(l, law{p.Weights(), p.Delta()}).evaluation(g)
}

// embedded returns the means Aᵀμ_k, r×K, and the covariance AᵀΣA of what pairs that Admits takes are mapped to.
func embedded(p gmm.Pairs, a *mat.Dense) (means, covariance *mat.Dense, err error) {
	if err := Admits(p); err != nil {
		return nil, nil, err
	}
	var half mat.Dense
	means, covariance = new(mat.Dense), new(mat.Dense)
	means.Mul(a.T(), p.Left.Means().T())
	half.Mul(p.Left.Covariance(), a)
	covariance.Mul(a.T(), &half)
	return means, covariance, nil
}

// reduced turns embeddings into the span of AᵀΣA.
func reduced(means, covariance *mat.Dense) (gaussians, error) {
	r, _ := covariance.Dims()
	symmetric := mat.NewSymDense(r, nil)
	for i := range r {
		for j := i; j < r; j++ {
			symmetric.SetSym(i, j, (covariance.At(i, j)+covariance.At(j, i))/2)
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(symmetric, true) {
		return gaussians{}, fmt.Errorf("%w, found no number", ErrColumns)
	}
	values := eigen.Values(nil)
	const rounding = 0x1p-46
	first := 0
	for first < r && !(values[first] > rounding*values[r-1]) {
		first++
	}
	rank := r - first
	if rank < 1 || rank > MostColumns {
		return gaussians{}, fmt.Errorf("%w, found %d", ErrColumns, rank)
	}
	var vectors, turned mat.Dense
	eigen.VectorsTo(&vectors)
	turned.Mul(vectors.Slice(0, r, first, r).T(), means)
	diagonal := mat.NewSymDense(rank, nil)
	for i := range rank {
		diagonal.SetSym(i, i, values[first+i])
	}
	g, ok := newGaussians(&turned, diagonal)
	if !ok {
		return g, fmt.Errorf("%w, found %d", ErrColumns, rank)
	}
	return g, nil
}

// evaluation is the value by two rules.
func (v *evaluator) evaluation(g gaussians) (Evaluation, error) {
	r, _ := g.means.Dims()
	l, axes, err := v.finest(g)
	if err != nil {
		return Evaluation{}, err
	}
	var e Evaluation
	e.Value, e.Bias = v.value(g, l, axes, nil, nil)
	const rounding = 0x1p-46
	e.Error = rounding * (1 + math.Abs(e.Value))
	e.Rule, e.Points = [...]string{"closed form", "trapezoidal rule on a circle", "Gauss–Legendre rule on a sphere"}[r-1], len(v.field(r, l).at)
	if r == 1 {
		return e, nil
	}
	value, bias := v.value(g, l.finer(), axes, nil, nil)
	e.Error += math.Abs(value - e.Value)
	e.Value, e.Bias, e.Points = value, bias, len(v.field(r, l.finer()).at)
	return e, nil
}
