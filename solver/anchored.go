package solver

import (
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// anchored is the part of a contrastive loss that its softmax makes, as a
// function of an m×n matrix M: points x of a mixture, the anchors, are told by xᵀMy
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
type anchored struct {
	weights    []float64
	logWeights []float64
	delta      float64
	means      *mat.Dense // m×K, μ_k
	centred    *mat.Dense // n×K, y_k

	cores int // goroutines that share the nodes of one evaluation
	work  *budget
	sight *sight // what rules for many directions see; nil if everything
	// watchful rules stop early with errHidden where there is something that they cannot see.
	watchful bool
	// choose picks the quadrature; a field so that tests can plant a wrong one.
	choose func(rule *quadrature.Rule, ranges []float64, tolerance float64, limit int) error
}

// steer sets how the softmax is integrated.
func (a *anchored) steer(o Options) {
	a.cores = max(1, o.Cores)
	a.work = newBudget(o)
	if o.Oversampling > 1 {
		a.choose = func(rule *quadrature.Rule, ranges []float64, tolerance float64, limit int) error {
			err := rule.Choose(ranges, tolerance, limit)
			*rule = rule.Refine(o.Oversampling)
			return err
		}
	}
}

// centredColumns returns the columns of a less their mean of the given weights.
func centredColumns(weights []float64, a *mat.Dense) *mat.Dense {
	mean, out := gmm.Mean(weights, a), new(mat.Dense)
	out.Apply(func(i, _ int, x float64) float64 { return x - mean.AtVec(i) }, a)
	return out
}

// sensitivityIn bounds how an error e of every E_j p_k and E_j t_i p_k moves ∇h, a
// sum of products a bᵀ, as a multiple of e, each product counting for |L^{−¼}a| |R^{−¼}b|,
// L = diag(left) and R = diag(right).
func (a *anchored) sensitivityIn(left, right []float64) float64 {
	m, k := a.means.Dims()
	n, _ := a.centred.Dims()
	length := func(column mat.Vector, scale []float64) float64 {
		var sum float64
		for i, s := range scale {
			sum += column.AtVec(i) * column.AtVec(i) / math.Sqrt(s)
		}
		return math.Sqrt(sum)
	}
	var anchors, partners float64
	for j, w := range a.weights {
		anchors += w * length(a.means.ColView(j), left)
		partners += length(a.centred.ColView(j), right)
	}
	return (anchors + math.Sqrt(float64(min(m, n, k-1)))) * partners
}

// mostNodes bounds a tensor rule: about two seconds for one evaluation.
const mostNodes = 4_000_000

// softmaxAt states the softmax at M, without directions that change its averages
// by less than a share of tolerance.
func (a *anchored) softmaxAt(memory *arena, m *mat.Dense, tolerance float64) contrasts {
	n, k := a.means.Dims()
	slopes, offsets := memory.dense(n, k), memory.dense(k, k)
	product(slopes, m, a.centred)
	productLeft(offsets, a.means, slopes)
	for j := range k {
		addTo(offsets.RawRowView(j), 1, a.logWeights)
	}
	const share = 100
	return newContrasts(memory, slopes, offsets, tolerance/share)
}

// chooseRule picks the quadrature that keeps the error of the averages to tolerance.
func (a *anchored) chooseRule(rule *quadrature.Rule, c *contrasts, tolerance float64) error {
	k := len(a.weights)
	limit, err := a.work.nodes(mostNodes/k, k)
	if err != nil {
		return err
	}
	if err := a.choose(rule, c.ranges, tolerance, limit); err != nil {
		return fmt.Errorf("solver: the odds of %d components change too steeply, in %d directions, for the limit on work; --limit N allows N times as much (%w)", k, len(c.ranges), err)
	}
	return nil
}

// averagesOf gathers meanSoftmax's sums along the directions R.
func (a *anchored) averagesOf(memory *arena, directions *mat.Dense, sums []float64) averages {
	k := len(a.weights)
	_, q := directions.Dims()
	out := averages{p: memory.over(k, k, sums[:k*k]), tp: memory.dense(q, k)}
	for j, w := range a.weights {
		for i := range q {
			addTo(out.tp.RawRowView(i), w, sums[((1+i)*k+j)*k:][:k])
		}
	}
	return out
}

// gradient returns ∇h, m×n, from the averages along the directions R.
func (a *anchored) gradient(memory *arena, directions *mat.Dense, over averages) *mat.Dense {
	m, k := a.means.Dims()
	n, _ := a.centred.Dims()
	gamma := memory.dense(k, k) // w_j Γ_jk
	for j, w := range a.weights {
		var others float64
		row := gamma.RawRowView(j)
		for i, p := range over.p.RawRowView(j) {
			if i != j {
				g := p - (1-a.delta)*a.weights[i]
				row[i] = w * g
				others += g
			}
		}
		row[j] = -w * others // the row sums to 0: no cancellation in 1 − E_j p_j
	}
	left, around := memory.dense(m, k), memory.dense(m, k)
	product(left, a.means, gamma)
	product(around, directions, over.tp)
	addScaled(left, 1, around)
	out := memory.dense(m, n)
	productRight(out, left, a.centred)
	return out
}

// linear returns the part of ∇h that is linear in the averages, m×n: what an error of
// the averages does to ∇h.
func (a *anchored) linear(directions *mat.Dense, over averages) *mat.Dense {
	var left, around, out mat.Dense
	weighted := weightedRows(a.weights, over.p)
	left.Mul(a.means, weighted)
	around.Mul(directions, over.tp)
	left.Add(&left, &around)
	out.Mul(&left, a.centred.T())
	return &out
}

// average returns h(M) from the K averages of the logarithms, and the size of its terms.
func (a *anchored) average(m *mat.Dense, logs []float64) (value, size float64) {
	for j, w := range a.weights {
		form := w * mat.Inner(a.means.ColView(j), m, a.centred.ColView(j))
		value += w*logs[j] - a.delta*form
		size += w*math.Abs(logs[j]) + math.Abs(form)
	}
	return value, size
}
