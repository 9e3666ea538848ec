package term

import (
	"fmt"
	"math"

	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// LogPartition is the part of a contrastive loss that its negatives make, and its share of the pull of positive pairs,
//
//	−δ⟨M, X⟩ + E_x log E_y exp(xᵀM(y − ȳ)),   X = Σ_k w_k μ_k y_kᵀ
//
// x of the law's left side, the anchors, and y of its right side, their partners. Where covariances are shared it is
// ½⟨MMᵀ, W⟩ + h(M) with the softmax h of type logPartition, and where components have their own it is of type tilted.
func LogPartition(l *Law) Term {
	if l.Left.Covariances != nil || l.Right.Covariances != nil {
		return newTilted(l)
	}
	return newLogPartition(l, 0)
}

func newLogPartition(l *Law, own float64) *logPartition {
	a := &logPartition{Law: l, centred: centredColumns(l.Weights, l.Right.Means), own: own}
	a.sensitivity = a.sensitivityOf()
	return a
}

// logPartition is a contrastive loss's softmax as a function h of an m×n matrix M: points x
// of a mixture, the law's left side, the anchors, are told by xᵀMy
// from which component their partners y come. With μ_k the means of the anchors,
// y_k those of the partners less their mean, and p(x) = softmax_k(log w_k + xᵀM y_k),
//
//	h(M)       = −δ⟨M, X⟩ + E_x log Σ_k w_k exp(xᵀM y_k),   X = Σ_k w_k μ_k y_kᵀ
//	∇h(M)      = Σ_j w_j ( μ_j Σ_k Γ_jk y_kᵀ + R E_j[t pᵀ] Yᵀ )
//	Γ_jk       = E_j p_k − δ 1{j=k} − (1−δ) w_k
//	D²h(M)[V]  = E_x[ x xᵀ V Y (diag p − p pᵀ) Yᵀ ]
//
// where x = μ_j + R t + z under component j, R spans {M y_k} and t ∼ N(0, I_q).
// Writing the partners' means about their mean changes no value: the rows of Γ
// and the softmax covariance sum to 0.
//
// Where points are told by their distances (type distance) the logits have a part of the partners' own, and xᵀMy_k is xᵀMy_k − h y_kᵀMy_k = ⟨M, A_k(x)⟩
// with A_k(x) = x y_kᵀ − h y_k y_kᵀ everywhere: E_x log Σ_k w_k exp⟨M, A_k⟩ has the gradient E Σ p_k A_k and the Hessian E Cov_p(A_k, ⟨V, A_k⟩). As
//
//	A_k − A_l = (x − h(y_k + y_l))(y_k − y_l)ᵀ,   x − h(y_k + y_l) = (x − 2h y_k) + h(y_k − y_l)
//
// up to what is not symmetric, bounds of x p_k serve for x − 2h y_k.
type logPartition struct {
	*Law
	centred *mat.Dense // n×K, y_k
	own     float64    // h: 0 for dot products, ½ for distances
	shift   []float64  // K, what is added to the log-weights of an affine map's softmax at present; nil of others

	// sensitivity bounds how an error e of every average moves the gradient, as a multiple of e.
	sensitivity float64
	// norm is ‖G‖_d of a part G of the gradient.
	norm func(g *mat.Dense) float64
	// functionals are sketchWidth m×n matrices Z of random entries with E⟨G, Z⟩² = ‖G‖_d², where rules for many directions need
	// them, and draw makes one.
	functionals []*mat.Dense
	draw        func() *mat.Dense

	sight *sight // what rules for many directions see; nil if everything
	// watchful rules stop early with descent.ErrHidden where there is something that they cannot see.
	watchful bool
	last     lastGrid
}

func (a *logPartition) softmax() *logPartition { return a }

func (a *logPartition) traits() traits {
	coarsest := coarse
	if len(a.Weights)-1 > quadrature.TensorDirections {
		coarsest = coarseOfMany
	}
	return traits{modulus: 1, quadratic: 1, pull: 1, coarsest: coarsest, relative: a.operations()*unitRoundoff + a.inputError()}
}

// measuredBy makes the functionals where they will be needed.
func (a *logPartition) measuredBy(norm func(g *mat.Dense) float64, draw func() *mat.Dense) {
	a.norm, a.draw = norm, draw
	if len(a.Weights)-1 > quadrature.TensorDirections {
		a.drawFunctionals()
	}
}

// drawFunctionals makes functionals, if there are none.
func (a *logPartition) drawFunctionals() {
	for len(a.functionals) < sketchWidth {
		a.functionals = append(a.functionals, a.draw())
	}
}

func (a *logPartition) evaluation(used evaluation) evaluation {
	s, ok := used.(*softmaxPoint)
	if !ok {
		s = new(softmaxPoint)
	}
	s.of, s.highdim, s.blind = a, nil, blindness{}
	return s
}

// coarse is the quadrature error allowed in the first steps, relative to the signal;
// coarseOfMany where the softmax varies in many directions, which makes digits dear.
const coarse, coarseOfMany = 1e-4, 1e-2

// sensitivityOf bounds how an error e of every E_j p_k and E_j t_i p_k moves ∇h, a
// sum of products a bᵀ, as a multiple of e, each product counting for |L^{−¼}a| |R^{−¼}b|,
// L and R the sides' I + C.
func (a *logPartition) sensitivityOf() float64 {
	m, k := a.Left.Means.Dims()
	n, _ := a.centred.Dims()
	length := func(column mat.Vector, scale []float64) float64 {
		var sum float64
		for i, s := range scale {
			sum += column.AtVec(i) * column.AtVec(i) / math.Sqrt(s)
		}
		return math.Sqrt(sum)
	}
	var anchors, partners, squares float64
	for j, w := range a.Weights {
		anchors += w * length(a.Left.Means.ColView(j), a.Left.Second)
		y := length(a.centred.ColView(j), a.Right.Second)
		partners += y
		squares += y * y
	}
	return (anchors+math.Sqrt(float64(min(m, n, k-1))))*partners + a.own*squares
}

// mostNodes bounds a tensor rule: about two seconds for one evaluation.
const mostNodes = 4_000_000

// softmaxAt states the softmax at M, without directions that change its averages
// by less than a share of tolerance.
func (a *logPartition) softmaxAt(memory *dense.Arena, m *mat.Dense, tolerance float64) contrasts {
	n, k := a.Left.Means.Dims()
	slopes, offsets := memory.Dense(n, k), memory.Dense(k, k)
	dense.Product(slopes, m, a.centred)
	dense.ProductLeft(offsets, a.Left.Means, slopes)
	own := a.ownScores(memory, slopes)
	for j := range k {
		dense.AddTo(offsets.RawRowView(j), 1, a.LogWeights)
		if a.shift != nil {
			dense.AddTo(offsets.RawRowView(j), 1, a.shift)
		}
		dense.AddTo(offsets.RawRowView(j), -a.own, own)
	}
	const share = 100
	return newContrasts(memory, slopes, offsets, tolerance/share)
}

// ownScores returns y_kᵀz_k of columns z_k.
func (a *logPartition) ownScores(memory *dense.Arena, z *mat.Dense) []float64 {
	n, k := z.Dims()
	out := memory.Floats(k)
	clear(out)
	if a.own == 0 {
		return out
	}
	for i := range n {
		y, row := a.centred.RawRowView(i), z.RawRowView(i)
		for c, x := range row {
			out[c] += y[c] * x
		}
	}
	return out
}

// chooseRule picks the quadrature that keeps the error of the averages to tolerance.
func (a *logPartition) chooseRule(rule *quadrature.Rule, c *contrasts, tolerance float64) error {
	k := len(a.Weights)
	limit, err := a.Budget.Nodes(mostNodes/k, k)
	if err != nil {
		return err
	}
	if err := a.Choose(rule, c.ranges, tolerance, limit); err != nil {
		return fmt.Errorf("solver: the odds of %d components change too steeply, in %d directions, for the limit on work; --limit N allows N times as much (%w)", k, len(c.ranges), err)
	}
	return nil
}

// averagesOf gathers meanSoftmax's sums along the directions R.
func (a *logPartition) averagesOf(memory *dense.Arena, directions *mat.Dense, sums []float64) averages {
	k := len(a.Weights)
	_, q := directions.Dims()
	out := averages{p: memory.Over(k, k, sums[:k*k]), tp: memory.Dense(q, k)}
	for j, w := range a.Weights {
		for i := range q {
			dense.AddTo(out.tp.RawRowView(i), w, sums[((1+i)*k+j)*k:][:k])
		}
	}
	return out
}

// gradient returns ∇h, m×n, from the averages along the directions R.
func (a *logPartition) gradient(memory *dense.Arena, directions *mat.Dense, over averages) *mat.Dense {
	m, k := a.Left.Means.Dims()
	n, _ := a.centred.Dims()
	gamma := memory.Dense(k, k) // w_j Γ_jk
	for j, w := range a.Weights {
		var others float64
		row := gamma.RawRowView(j)
		for i, p := range over.p.RawRowView(j) {
			if i != j {
				g := p - (1-a.Delta)*a.Weights[i]
				row[i] = w * g
				others += g
			}
		}
		row[j] = -w * others // the row sums to 0: no cancellation in 1 − E_j p_j
	}
	left, around := memory.Dense(m, k), memory.Dense(m, k)
	dense.Product(left, a.Left.Means, gamma)
	dense.Product(around, directions, over.tp)
	dense.AddScaled(left, 1, around)
	out := memory.Dense(m, n)
	dense.ProductRight(out, left, a.centred)
	return out
}

// linear returns the part of ∇h that is linear in the averages, m×n: what an error of
// the averages does to ∇h.
func (a *logPartition) linear(directions *mat.Dense, over averages) *mat.Dense {
	left := dense.Times(a.Left.Means, dense.WeightedRows(a.Weights, over.p))
	left.Add(left, dense.Times(directions, over.tp))
	if a.own != 0 {
		dense.AddScaled(left, -a.own, dense.WeightedColumns(a.centred, a.likelihoods(over.p)))
	}
	return dense.Times(left, a.centred.T())
}

// likelihoods returns E p_k = Σ_j w_j E_j p_k.
func (a *logPartition) likelihoods(p *mat.Dense) []float64 {
	out := make([]float64, len(a.Weights))
	for j, w := range a.Weights {
		dense.AddTo(out, w, p.RawRowView(j))
	}
	return out
}
