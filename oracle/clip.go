package oracle

import (
	"errors"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// clipPoint is a matrix M, m_V×m_T, seen in whitened coordinates of two modalities
// beside the CLIP loss
//
//	g(M)  = −2 E_{pairs}[ xᵀMy ] + E_x log E_y exp(xᵀMy) + E_y log E_x exp(xᵀMy)
//	∇g(M) = W_V M + M W_T + H(M) + H'(Mᵀ)ᵀ,   W = I + Σ w_k μ_kμ_kᵀ,
//	H(M)  = Σ_j w_j E_j[ x Σ_{k≠j} p_k(x) (ν_k − ν_j)ᵀ ],   p(x) = softmax_k(log w_k + xᵀMν_k)
//
// x visual with means μ_k and y text with means ν_k, and H' the same with the
// modalities exchanged: that is −2X + E_x[x Σ p_k ν_kᵀ] + … with p_j = 1 − Σ_{k≠j} p_k
// inserted twice.
//
// In the norm ‖G‖²_d = Σ_ij 2G_ij²/(w_i + v_j), w and v the diagonals of W_V and W_T,
// D²g ⪰ W_V· + ·W_T gives ‖W_V^¼(M − M*)W_T^¼‖_F ≤ ½‖∇g(M)‖_d.
type clipPoint struct {
	visual, text *view
	m            *mat.Dense
	weighted     *mat.Dense // W_V^¼ M W_T^¼
	formError    float64    // relative error of M, Frobenius norm
	defect       float64    // bound of ‖D^{−½}WD^{−½} − I‖, D the diagonals as computed
}

// errDefect says that W is not known well enough to weigh with it.
var errDefect = errors.New("oracle: the means are so long, in standard deviations, that double precision loses the directions across them")

// seeClip views a candidate.
func seeClip(p gmm.Pairs, form gmm.Form) (*clipPoint, error) {
	if err := p.WantCertain(); err != nil {
		return nil, err
	}
	visual, err := seeSide(p.Left, form.Left)
	if err != nil {
		return nil, err
	}
	text, err := seeSide(p.Right, form.Right)
	if err != nil {
		return nil, err
	}
	at := &clipPoint{visual: visual, text: text, m: crossMatrix(visual, form.N, text), formError: visual.formError + text.formError}
	at.weighted = scaledBetween(visual.w, at.m, text.w, 0.25)
	for _, v := range []*view{visual, text} {
		defect, moved := v.secondDefect()
		at.defect = max(at.defect, defect+moved)
	}
	const trusted = 0.5
	if !(at.defect < trusted) {
		return nil, errDefect
	}
	return at, nil
}

// seeSide views one modality, whose pairs always share their component.
func seeSide(m *gmm.Mixture, frame gmm.Frame) (*view, error) {
	pairs, err := gmm.NewPairs(m, gmm.Rationals(1)[0])
	if err != nil {
		return nil, err
	}
	return see(pairs, frame)
}

// choice is one of the two softmaxes: points of a modality, the anchors, choose
// among the components of the other, the partners, by m, anchors×partners.
type choice struct {
	anchors, partners *view
	m                 *mat.Dense
	length, reach     []float64 // |μ_j|_* of the anchors, max_k |ν_k − ν_j|_* of the partners
}

func (at *clipPoint) choices() [2]choice {
	lengthV, reachV := at.visual.lengths()
	lengthT, reachT := at.text.lengths()
	return [2]choice{
		{at.visual, at.text, at.m, lengthV, reachT},
		{at.text, at.visual, mat.DenseCopyOf(at.m.T()), lengthT, reachV},
	}
}

// boundedGradient evaluates ∇g by trapezoidal rules with an error of at most about
// tolerance in ‖·‖_d; errGrid where that needs more nodes than limit.
func (at *clipPoint) boundedGradient(tolerance, limit float64) (evaluation, error) {
	return at.evaluate(func(c choice) (*mat.Dense, float64, string, error) { return c.bounded(tolerance/2, limit) })
}

// evaluate adds up both softmaxes, averaged as part does, and the quadratic part.
func (at *clipPoint) evaluate(part func(choice) (average *mat.Dense, err float64, rule string, failure error)) (evaluation, error) {
	var e evaluation
	for i, c := range at.choices() {
		g, off, rule, err := part(c)
		if err != nil {
			return evaluation{}, err
		}
		var quadratic mat.Dense
		quadratic.Mul(c.anchors.secondMoment(), c.m)
		g.Add(g, &quadratic)
		e.err += off + c.quadraticError() + c.inputError()
		if i == 0 {
			e.gradient, e.rule = g, rule
			continue
		}
		e.gradient.Add(e.gradient, g.T())
		if rule != e.rule {
			e.rule += " and " + rule
		}
	}
	e.norm = at.dualNorm(e.gradient)
	return e, nil
}

// dualNorm is ‖G‖_d.
func (at *clipPoint) dualNorm(g *mat.Dense) float64 { return crossNorm(at.visual.w, g, at.text.w) }

func crossNorm(left []float64, g *mat.Dense, right []float64) float64 {
	return math.Sqrt(crossProduct(left, g, g, right))
}

// crossProduct is the scalar product of crossNorm.
func crossProduct(left []float64, g, h *mat.Dense, right []float64) float64 {
	var sum float64
	for i, w := range left {
		for j, x := range g.RawRowView(i) {
			sum += 2 * x * h.At(i, j) / (w + right[j])
		}
	}
	return sum
}

// bounded averages the softmax by a trapezoidal rule. As ‖a bᵀ‖_d ≤ |a|_*|b|_*, the
// bound of planGrid is that of InfoNCE with the partners' reach.
func (c choice) bounded(tolerance, limit float64) (average *mat.Dense, off float64, rule string, err error) {
	widest, longest := slices.Max(c.reach), max(1, slices.Max(c.length))
	s := c.anchors.softmaxOver(c.partners, c.m, tolerance/(100*(1+widest)*(2+longest)))
	k := len(c.anchors.weights)
	limit = c.anchors.work.nodes(limit, k)
	g, err := planGrid(integrand{weight: c.anchors.weights, length: c.length, reach: c.reach, ranges: s.ranges}, tolerance, limit/float64(k))
	if err != nil {
		return nil, 0, "", err
	}
	c.anchors.work.spend(serial * g.nodes() * float64(k*k))
	nodes, err := g.tabulate(s.slope, k)
	if err != nil {
		return nil, 0, "", err
	}
	p := mat.NewDense(k, k, nil) // E_j p_k
	tp := make([]*mat.Dense, k)  // E_j t_i p_k, nil if q = 0
	for j := range k {
		pj, tpj, err := nodes.softmaxSums(s.offset[j])
		if err != nil {
			return nil, 0, "", err
		}
		p.SetRow(j, pj)
		if q := len(s.ranges); q > 0 {
			tp[j] = mat.NewDense(q, k, tpj)
		}
	}
	return c.assemble(s.directions, p, tp), g.bound + c.anchors.droppedError(s, c.length, c.reach) + c.roundingError(s, g), g.String(), nil
}

// assemble builds Σ_j w_j E_j[ x Σ_{k≠j} p_k (ν_k − ν_j)ᵀ ] from p[j][k] = E_j p_k and
// tp[j][i][k] = E_j t_i p_k, k ≠ j.
func (c choice) assemble(directions, p *mat.Dense, tp []*mat.Dense) *mat.Dense {
	rows, columns := c.m.Dims()
	k := len(c.anchors.weights)
	out := mat.NewDense(rows, columns, nil)
	contrast := mat.NewVecDense(columns, nil)
	for j, w := range c.anchors.weights {
		for i := range k {
			if i == j {
				continue
			}
			contrast.SubVec(c.partners.means.ColView(i), c.partners.means.ColView(j))
			x := mat.NewVecDense(rows, nil) // E_j x p_k
			if directions != nil {
				x.MulVec(directions, tp[j].ColView(i))
			}
			x.AddScaledVec(x, p.At(j, i), c.anchors.means.ColView(j))
			out.RankOne(out, w, x, contrast)
		}
	}
	return out
}

// sampledGradient estimates ∇g as view.sampledGradient does that of InfoNCE.
func (at *clipPoint) sampledGradient(negligible float64, enough func(e evaluation, more float64) bool) evaluation {
	product := func(g, h *mat.Dense) float64 { return crossProduct(at.visual.w, g, h, at.text.w) }
	return sampled(at.visual.seed^bits.ReverseBytes64(at.text.seed), at.visual.work, enough, product, func(points int) sampling {
		out := sampling{most: math.MaxInt}
		var parts []softmaxSampling
		for _, c := range at.choices() {
			s := c.anchors.softmaxOver(c.partners, c.m, 0)
			x := s.sampling(c.anchors, c.partners, points, negligible/2)
			parts = append(parts, x)
			out.off += x.plan.Bound + c.roundingError(s, x.extent()) + c.quadraticError() + c.inputError()
			out.each += x.each
			out.most = min(out.most, x.most/2)
			out.seen += x.seen()
		}
		out.replicate = func(points int, source rand.Source) *mat.Dense {
			side := 0
			e, _ := at.evaluate(func(c choice) (*mat.Dense, float64, string, error) { // which cannot fail
				x := parts[side]
				side++
				p, tp := x.averages(points, source)
				return c.assemble(x.directions, p, tp), 0, "", nil
			})
			return e.gradient
		}
		return out
	})
}
