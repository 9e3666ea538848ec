package kernel

import (
	"errors"
	"fmt"
	"math"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// MostDimensions is the dimension of S_c up to which there are grids.
const MostDimensions = 2

// ErrGrid says that there is no grid.
var ErrGrid = errors.New("kernel: there is no grid")

// Grid has the nodes of a trapezoidal rule in the coordinates of S_c: whitened, centred, along the principal axes of the means.
type Grid struct {
	// Means are those of the components, K×s.
	Means [][]float64
	// Nodes are n×s, Weights their n probabilities, which sum to 1.
	Nodes   [][]float64
	Weights []float64
	// Digits are those of NewGrid.
	Digits float64

	posterior [][]float64 // n×K: p(k|x)
	delta     float64
	prior     []float64 // K: of the nodes, w_k
	// An x of the mixture with the coordinates p has the mean origin + lift·p, and p = (read)ᵀ(x − origin).
	origin     []float64
	lift, read *mat.Dense // d×s
}

// light is the probability below which a node is left out.
const light = 1e-13

// wide is the part of π/R, R the range of means along an axis, beyond which the density ratio may have singularities.
const wide = 0.95

// NewGrid is a grid that would integrate functions as smooth as the density ratio of a pair to about e^−digits. It refuses pairs that are not of one modality with a shared covariance (gmm.ErrOtherModel) and, with
// ErrGrid, more than MostDimensions dimensions of S_c or more than most nodes.
func NewGrid(p gmm.Pairs, digits float64, most int) (*Grid, error) {
	if err := p.WantSingle(); err != nil {
		return nil, err
	}
	if s := p.Left.DifferenceDimension(); s < 1 || s > MostDimensions {
		return nil, fmt.Errorf("%w in %d dimensions: it is served where differences of means span 1 or %d", ErrGrid, s, MostDimensions)
	}
	g, err := placed(p)
	if err != nil {
		return nil, err
	}
	g.Digits = digits
	first, step, count := make([]float64, g.dimension()), make([]float64, g.dimension()), make([]int, g.dimension())
	all := 1.0
	for j := range first {
		low, high := math.Inf(1), math.Inf(-1)
		for _, m := range g.Means {
			low, high = min(low, m[j]), max(high, m[j])
		}
		strip, tail := math.Sqrt(2*digits), math.Sqrt(2*digits)
		if high > low {
			strip = min(strip, wide*math.Pi/(high-low))
		}
		step[j] = min(1, 2*math.Pi*strip/(digits+strip*strip/2))
		count[j] = int(math.Ceil((high-low+2*tail)/step[j])) + 1
		first[j] = (low+high)/2 - step[j]*float64(count[j]-1)/2
		all *= float64(count[j])
	}
	if all > 10*float64(most) {
		return nil, fmt.Errorf("%w of at most %d nodes: the means are too far apart", ErrGrid, most)
	}
	g.fill(p, first, step, count)
	if len(g.Nodes) > most {
		return nil, fmt.Errorf("%w of at most %d nodes: the means are too far apart", ErrGrid, most)
	}
	return g, nil
}

// Finest is the finest grid of at most so many nodes that is not finer than digits, down to coarsest.
func Finest(p gmm.Pairs, digits float64, most int) (*Grid, error) {
	for ; ; digits-- {
		g, err := NewGrid(p, digits, most)
		if err == nil || !errors.Is(err, ErrGrid) || digits < coarsest+1 {
			return g, err
		}
	}
}

// coarsest are the digits below which a grid may not resolve anything.
const coarsest = 8

func (g *Grid) dimension() int { return len(g.Means[0]) }

// placed finds the coordinates.
func placed(p gmm.Pairs) (*Grid, error) {
	centred, err := p.Centre()
	if err != nil {
		return nil, err
	}
	m := centred.Left
	w, err := m.WhitenFisher()
	if err != nil {
		return nil, err
	}
	s, k := w.Means.Dims()
	scatter := mat.NewSymDense(s, nil)
	for c, weight := range m.Weights() {
		scatter.SymRankOne(scatter, weight, w.Means.ColView(c))
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(scatter, true) {
		return nil, errors.New("kernel: the scatter of the means has no eigenvalues")
	}
	var axes, means mat.Dense
	eigen.VectorsTo(&axes)
	turn := mat.NewDense(s, s, nil) // the largest axis first, the mean that is farthest along it on its positive side
	for j := range s {
		axis := mat.Col(nil, s-1-j, &axes)
		far := 0.0
		for c := range k {
			if x := mat.Dot(mat.NewVecDense(s, axis), w.Means.ColView(c)); math.Abs(x) > math.Abs(far)*(1+1e-9) {
				far = x
			}
		}
		for i := range axis {
			turn.Set(i, j, math.Copysign(axis[i], axis[i]*far))
		}
	}
	means.Mul(turn.T(), w.Means)
	g := &Grid{delta: p.Delta(), Means: make([][]float64, k), lift: new(mat.Dense)}
	for c := range k {
		g.Means[c] = mat.Col(nil, c, &means)
	}
	g.read = w.Columns(m, turn) // FΛ⁻ᵀ
	g.lift.Mul(m.Covariance(), g.read)
	g.origin = make([]float64, m.Dimension())
	for c, weight := range p.Weights() {
		for i := range g.origin {
			g.origin[i] += weight * p.Left.Means().At(c, i)
		}
	}
	return g, nil
}

// fill makes the nodes of a rule.
func (g *Grid) fill(p gmm.Pairs, first, step []float64, count []int) {
	at := make([]float64, len(first))
	weights := p.Weights()
	var visit func(j int)
	visit = func(j int) {
		if j < len(at) {
			for i := range count[j] {
				at[j] = first[j] + float64(i)*step[j]
				visit(j + 1)
			}
			return
		}
		joint, total := make([]float64, len(weights)), 0.0
		for k, m := range g.Means {
			square, scale := 0.0, weights[k]
			for j, x := range at {
				square += (x - m[j]) * (x - m[j])
				scale *= step[j] / math.Sqrt(2*math.Pi)
			}
			joint[k] = scale * math.Exp(-square/2)
			total += joint[k]
		}
		if total > light {
			g.Nodes, g.Weights, g.posterior = append(g.Nodes, append([]float64(nil), at...)), append(g.Weights, total), append(g.posterior, joint)
		}
	}
	visit(0)
	sum := 0.0
	for _, w := range g.Weights {
		sum += w
	}
	g.prior = make([]float64, len(weights))
	for i := range g.Weights {
		for k := range weights {
			g.prior[k] += g.posterior[i][k] / sum
			g.posterior[i][k] /= g.Weights[i]
		}
		g.Weights[i] /= sum
	}
}

// posteriorAt are p(k|x) at the coordinates x.
func (g *Grid) posteriorAt(x []float64) []float64 {
	p, largest, sum := make([]float64, len(g.Means)), math.Inf(-1), 0.0
	for k, m := range g.Means {
		square := 0.0
		for j := range x {
			square += (x[j] - m[j]) * (x[j] - m[j])
		}
		p[k] = math.Log(g.prior[k]) - square/2
		largest = max(largest, p[k])
	}
	for k := range p {
		p[k] = math.Exp(p[k] - largest)
		sum += p[k]
	}
	for k := range p {
		p[k] /= sum
	}
	return p
}

// Place is the point of the mixture with the coordinates x, d numbers: that without noise, μ̄ beside.
func (g *Grid) Place(x []float64) []float64 {
	out := append([]float64(nil), g.origin...)
	for i := range out {
		for j := range x {
			out[i] += g.lift.At(i, j) * x[j]
		}
	}
	return out
}

// partners is E[f(x̂) | x] at every node, n×r, of values f, n×r: δ Σ_k p(k|x) f_k + (1 − δ) f̄, and the f_k, K×r, with f̄ last.
func (g *Grid) partners(f []float64, r int) (out, means []float64) {
	k := len(g.prior)
	means = make([]float64, (k+1)*r)
	for i, w := range g.Weights {
		for c, p := range g.posterior[i] {
			for a := range r {
				means[c*r+a] += w * p * f[i*r+a]
			}
		}
	}
	for c := range k {
		for a := range r {
			means[k*r+a] += means[c*r+a]
			means[c*r+a] /= g.prior[c]
		}
	}
	out = make([]float64, len(f))
	for i := range g.Weights {
		g.mix(out[i*r:(i+1)*r], g.posterior[i], means)
	}
	return out, means
}

// mix is δ Σ_k p_k f_k + (1 − δ) f̄.
func (g *Grid) mix(out, posterior, means []float64) {
	r := len(out)
	for a := range r {
		out[a] = (1 - g.delta) * means[len(posterior)*r+a]
		for c, p := range posterior {
			out[a] += g.delta * p * means[c*r+a]
		}
	}
}
