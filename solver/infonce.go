package solver

import (
	"errors"
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// errSteep says that a trial point's softmax is too steep to integrate.
var errSteep = errors.New("solver: the softmax is too steep to integrate")

// infonce is the InfoNCE loss as a function of a symmetric M in m whitened
// coordinates, turned so that W = I + C is diagonal. With y_k = μ_k − μ̄ and
// p(x) = softmax_k(log w_k + xᵀM y_k),
//
//	f(M)       = −δ⟨M, B⟩ + ½⟨M², W⟩ + E_x log Σ_k w_k exp(xᵀM y_k)
//	∇f(M)      = ½(MW + WM) + sym[ Σ_j w_j ( μ_j Σ_k Γ_jk y_kᵀ + R E_j[t pᵀ] Yᵀ ) ]
//	Γ_jk       = E_j p_k − δ 1{j=k} − (1−δ) w_k
//	D²f(M)[V]  = ½(VW + WV) + sym E_x[ x xᵀ V Y (diag p − p pᵀ) Yᵀ ]
//
// where x = μ_j + R t + z under component j, R spans {M y_k} and t ∼ N(0, I_q).
// Writing the means about μ̄ changes no value: the rows of Γ and the softmax
// covariance sum to 0.
type infonce struct {
	weights    []float64
	logWeights []float64
	delta      float64
	means      *mat.Dense // m×K
	centred    *mat.Dense // m×K, y_k
	second     []float64  // m, the diagonal of W
	inputError float64    // relative error of the means

	// sensitivity bounds how an error e of every E_j p_k and E_j t_i p_k moves the
	// gradient in the norm ‖·‖_d: the gradient is a sum of products a bᵀ, and
	// ‖sym a bᵀ‖_d ≤ |W^{−¼}a| |W^{−¼}b|.
	sensitivity float64

	cores int // goroutines that share the nodes of one evaluation
	// choose picks the quadrature; a field so that tests can plant a wrong one.
	choose func(rule *quadrature.Rule, ranges []float64, tolerance float64, limit int) error
}

// newInfoNCE states the loss of p in whitened coordinates. It also returns the
// m×m rotation whose columns are the diagonalising directions.
func newInfoNCE(p gmm.Pairs, w gmm.Whitened) (*infonce, *mat.Dense) {
	return stateInfoNCE(p.Weights(), p.LogWeights(), p.Delta(), w.Means, w.Error)
}

// stateInfoNCE is newInfoNCE of whitened means, m×K, with their relative error.
func stateInfoNCE(weights, logWeights []float64, delta float64, means *mat.Dense, inputError float64) (*infonce, *mat.Dense) {
	f := &infonce{
		weights: weights, logWeights: logWeights, delta: delta,
		inputError: inputError, cores: 1, choose: (*quadrature.Rule).Choose,
	}
	scatter, rotation := eigen(gmm.RawScatter(f.weights, means))
	f.second = scatter
	for i, c := range scatter {
		f.second[i] = 1 + max(0, c)
	}
	f.means, f.centred = mat.DenseCopyOf(means), mat.DenseCopyOf(means)
	productLeft(f.means, rotation, means)
	m, k := f.means.Dims()
	for i := range m {
		row := f.means.RawRowView(i)
		var mean float64
		for j, x := range row {
			mean += f.weights[j] * x
		}
		for j, x := range row {
			f.centred.Set(i, j, x-mean)
		}
	}
	var left, right float64
	for j := range k {
		var a, b float64
		for i, wi := range f.second {
			a += f.means.At(i, j) * f.means.At(i, j) / math.Sqrt(wi)
			b += f.centred.At(i, j) * f.centred.At(i, j) / math.Sqrt(wi)
		}
		left += f.weights[j] * math.Sqrt(a)
		right += math.Sqrt(b)
	}
	f.sensitivity = (left + math.Sqrt(float64(min(m, k-1)))) * right
	return f, rotation
}

// mostNodes bounds a tensor rule: about two seconds for one evaluation.
const mostNodes = 4_000_000

// point is the loss's gradient at M, and what further evaluations there need.
type point struct {
	f         *infonce
	m         *mat.Dense
	tolerance float64
	gradient  *mat.Dense
	norm      float64 // ‖∇f(M)‖_d
	err       float64 // estimated error of the gradient, in the same norm
	rule      quadrature.Rule
	contrasts
	steps int // Newton steps that led here

	hasLoss         bool // the loss and its error, once computed
	loss, lossError float64
}

// storage holds one point and all that it needs, and is used again for another.
type storage struct {
	point  point
	memory arena
	lines  lines
	walker walker
}

// at evaluates the gradient at M, aiming at an error of tolerance in the norm
// ‖·‖_d. The point lives in s until the next use of s.
func (f *infonce) at(s *storage, m *mat.Dense, tolerance float64) (*point, error) {
	s.memory.reset()
	pt := &s.point
	*pt = point{f: f, m: s.memory.copyOf(m), tolerance: tolerance, rule: pt.rule}
	pt.contrasts = f.softmaxAt(&s.memory, pt.m, tolerance)
	if err := f.chooseRule(&pt.rule, &pt.contrasts, tolerance); err != nil {
		return nil, err
	}
	if err := pt.tabulate(&s.memory, &pt.rule, &s.lines); err != nil {
		return nil, err
	}
	pt.assemble(&s.memory, s.walker.integrate(&s.memory, &s.lines, meanSoftmax{}, f.cores))
	pt.norm = f.dualNorm(pt.gradient)
	pt.err = f.sensitivity*(pt.rule.Error+pt.dropped) + f.roundingError(pt)
	return pt, nil
}

// softmaxAt states the softmax at M, without directions that change the gradient
// by less than a share of tolerance.
func (f *infonce) softmaxAt(memory *arena, m *mat.Dense, tolerance float64) contrasts {
	n, k := f.means.Dims()
	slopes, offsets := memory.dense(n, k), memory.dense(k, k)
	product(slopes, m, f.centred)
	productLeft(offsets, f.means, slopes)
	for j := range k {
		addTo(offsets.RawRowView(j), 1, f.logWeights)
	}
	const share = 100
	return newContrasts(memory, slopes, offsets, tolerance/(share*f.sensitivity))
}

// chooseRule picks the quadrature that keeps the gradient's error to tolerance.
func (f *infonce) chooseRule(rule *quadrature.Rule, c *contrasts, tolerance float64) error {
	k := len(f.weights)
	if err := f.choose(rule, c.ranges, tolerance/f.sensitivity, mostNodes/k); err != nil {
		return fmt.Errorf("solver: a softmax of %d components that varies in %d directions is beyond tensor rules, which serve up to about 5 directions: %w", k, len(c.ranges), err)
	}
	return nil
}

// assemble computes the gradient from the averages of p_k and t_i p_k.
func (pt *point) assemble(memory *arena, sums []float64) {
	f := pt.f
	m, k := f.means.Dims()
	q, _ := pt.slopes.Dims()
	gamma, tp := memory.dense(k, k), memory.dense(q, k) // w_j Γ_jk, Σ_j w_j E_j t_i p_k
	for j, w := range f.weights {
		var others float64
		row := gamma.RawRowView(j)
		for i, p := range sums[j*k:][:k] {
			if i != j {
				g := p - (1-f.delta)*f.weights[i]
				row[i] = w * g
				others += g
			}
		}
		row[j] = -w * others // the row sums to 0: no cancellation in 1 − E_j p_j
		for i := range q {
			addTo(tp.RawRowView(i), w, sums[((1+i)*k+j)*k:][:k])
		}
	}
	left, around := memory.dense(m, k), memory.dense(m, k)
	product(left, f.means, gamma)
	product(around, pt.directions, tp)
	addScaled(left, 1, around)
	pt.gradient = memory.dense(m, m)
	productRight(pt.gradient, left, f.centred)
	f.addQuadratic(pt.gradient, pt.m)
}

// addQuadratic makes G symmetric and adds ½(WV + VW).
func (f *infonce) addQuadratic(g, v *mat.Dense) {
	symmetrise(g)
	for i, wi := range f.second {
		from := v.RawRowView(i)
		for j, wj := range f.second {
			g.RawRowView(i)[j] += from[j] * (wi + wj) / 2
		}
	}
}

// value returns f(M) and an estimate of its error.
func (pt *point) value() (value, err float64) {
	if !pt.hasLoss {
		pt.loss, pt.lossError = pt.computeValue()
		pt.hasLoss = true
	}
	return pt.loss, pt.lossError
}

func (pt *point) computeValue() (value, err float64) {
	f := pt.f
	logs := pt.logPartition(&pt.rule, f.cores)
	var quadratic, size float64
	for i := range f.second {
		for j := range f.second {
			square := f.second[i] * pt.m.At(i, j) * pt.m.At(i, j) / 2
			quadratic += square
			size += square
		}
	}
	var linear float64
	for j, w := range f.weights {
		y := f.centred.ColView(j)
		form := w * mat.Inner(y, pt.m, y)
		linear -= f.delta * form
		quadratic += w * logs[j]
		size += math.Abs(form) + w*math.Abs(logs[j])
	}
	return linear + quadratic, pt.rule.Error + pt.dropped + f.operations()*unitRoundoff*size
}

// dualNorm is ‖G‖_d with ‖G‖²_d = Σ_ij 2 G_ij² / (w_i + w_j), w the diagonal of
// W. As D²f ≥ ½(W· + ·W), ‖M − M_u‖_F ≤ ‖∇f(M)‖_d ≤ ‖∇f(M)‖_F.
func (f *infonce) dualNorm(g *mat.Dense) float64 {
	var sum float64
	for i, wi := range f.second {
		for j, x := range g.RawRowView(i) {
			sum += 2 * x * x / (wi + f.second[j])
		}
	}
	return math.Sqrt(sum)
}

// unitRoundoff is 2^-53.
const unitRoundoff = 0x1p-53

// operations is a generous count of the roundings that one entry of the gradient sees.
func (f *infonce) operations() float64 {
	m, k := f.means.Dims()
	return float64(2*m + 4*k + 16)
}

// roundingError estimates the effect of rounding and of the error of the
// whitened means on the gradient, in the norm ‖·‖_d.
func (f *infonce) roundingError(pt *point) float64 {
	relative := f.operations()*unitRoundoff + f.inputError
	// An exponent of size z is off by z·relative, and p by as much.
	largest := 1.0
	for _, o := range pt.offsets.RawMatrix().Data {
		largest = max(largest, math.Abs(o))
	}
	// ‖½(WM + MW)‖_d is the norm dual to it of M.
	return relative * (f.sensitivity*largest + f.primalNorm(pt.m))
}
