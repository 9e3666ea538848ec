package enclosure

import (
	"math"
	"math/rand/v2"

	"contrastcheck/oracle/enclosure/tilt"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// OwnDonskerVaradhan is the term of DonskerVaradhan for own covariances,
//
//	−E xᵀMx̂ + log Σ_kl w_k w_l E exp(x_kᵀMy_l),   x_k ∼ N(μ_k, T_k) and y_l ∼ N(μ_l, T_l) independent,
//
// which is finite where all singular values of T_k^½MT_l^½ are below 1, and there, π being the masses of the pairs of components weighed by exp(xᵀMy) (package tilt),
// has the gradient E_π[abᵀ + Q] − E[xx̂ᵀ], made symmetric.
//
// It is c²-strongly convex in the Frobenius norm where all T_k ⪰ cI: D²f[V, V] is the variance of xᵀVy, at least that of its part ξᵀVη, ξ and η the
// deviations from the means given the components. In coordinates in which T_k^½MT_l^½ is diagonal, with entries n ≥ 0, these are T_k^½ and T_l^½ times Gaussians of variances
// g = 1/(1 − n²) that have the covariances ng pairwise, and with W the matrix T_k^½VT_l^½ in them
//
//	Var ξᵀVη = Σ W_ij²g_ig_j + W_ijW_ji n_ig_in_jg_j ≥ Σ W_ij² g_ig_j(1 − n_in_j) ≥ Σ W_ij² = tr VT_kVT_l ≥ c²‖V‖²,
//
// for 1 − n_in_j ≥ (1 − n_i²)(1 − n_j²), as n_i² + n_j² ≥ 2n_in_j ≥ n_in_j + n_i²n_j². It is also at least the smallest π_kl/(w_kw_l) times
// Σ w_kw_l tr VT_kVT_l = ‖V‖², as Σ w_kT_k = I.
type OwnDonskerVaradhan struct {
	gradient                               Gradient
	scale, overall, local, steepest, reach float64
	failure                                error
}

// NewOwnDonskerVaradhan returns the term at M.
func NewOwnDonskerVaradhan(side *whitened.Own, m *mat.Dense, delta float64) *OwnDonskerVaradhan {
	n, _ := m.Dims()
	t := &OwnDonskerVaradhan{gradient: Gradient{Matrix: mat.NewDense(n, n, nil), Err: math.Inf(1)}, scale: 1, steepest: math.Inf(1), overall: side.Modulus * side.Modulus}
	pairs, logs, errs, failure := weighed(side, m)
	if failure != nil {
		t.failure = failure
		return t
	}
	t.average(side.Weights, pairs, logs, errs)
	const told = 0x1p-20 // what rounding and the errors of a frame make of M is less
	if !(t.reach > told*mat.Norm(m, 2)) {
		t.steepest = math.Inf(1)
	}
	t.scale += t.gradient.pull(side.Mixture, delta)
	t.gradient.Err *= roundedUp
	t.gradient.Rule = inClosedForm
	return t
}

// weighed returns the pairs of components k ≥ l with the logarithms of their masses, those of their mirror images included, and bounds of the errors of these.
func weighed(side *whitened.Own, m *mat.Dense) (pairs []tilt.Pair, logs, errs []float64, failure error) {
	off := side.MeansOff()
	component := func(k int) tilt.Gaussian {
		return tilt.Gaussian{Mean: mat.Col(nil, k, side.Means), MeanOff: off[k], Covariance: side.Covariances[k], Off: side.SpreadError, Least: side.Modulus}
	}
	for k := range off {
		for l := range k + 1 {
			p, err := tilt.Weigh(m, component(k), component(l))
			if err != nil {
				return nil, nil, nil, err
			}
			log := side.LogWeights[k] + side.LogWeights[l]
			if l < k {
				log += math.Ln2
			}
			size := 1 + math.Abs(side.LogWeights[k]) + math.Abs(side.LogWeights[l]) + math.Abs(p.Log)
			pairs, logs, errs = append(pairs, p), append(logs, log+p.Log), append(errs, p.LogOff+8*dense.Roundoff*size)
		}
	}
	return pairs, logs, errs, nil
}

// average adds Σ π (abᵀ + Q): abᵀ is off by at most |a||δb| + |b||δa| + |δa||δb|, and the masses by what massesOf says. Where all means of xᵀVy are at most e‖V‖, the
// logarithm of a mass moves by at most 2e times what M does.
func (t *OwnDonskerVaradhan) average(weights []float64, pairs []tilt.Pair, logs, errs []float64) {
	masses, off := massesOf(logs, errs)
	n := len(pairs[0].A)
	out := mat.NewDense(n, n, nil)
	t.reach = math.Inf(1)
	least := math.Inf(1) // π_kl/(w_kw_l)
	var size, err, variance, most float64
	k, l := 0, 0 // of the pair
	for c, p := range pairs {
		mass := masses[c]
		one := mass * (1 - off[c]) / (weights[k] * weights[l])
		if l < k {
			one /= 2 // the mirror image has the rest
		}
		least = min(least, one)
		if l++; l > k {
			k, l = k+1, 0
		}
		out.RankOne(out, mass, mat.NewVecDense(n, p.A), mat.NewVecDense(n, p.B))
		var part mat.Dense
		part.Scale(mass, p.Cross)
		out.Add(out, &part)
		longA, longB := norm(p.A), norm(p.B)
		product := longA*longB + mat.Norm(p.Cross, 2)
		moved := (longA+longB+p.MeansOff)*p.MeansOff + p.CrossOff
		size += mass * product
		err += mass * (moved + off[c]*(product+moved))
		within, mean := p.Steepest()
		variance += mass * (1 + off[c]) * (within + mean*mean)
		most, t.reach = max(most, mean), min(t.reach, p.Reach())
	}
	t.reach = min(t.reach, 0.25/most)
	change := roundedUp * math.Exp(2*t.reach*most)
	t.local, t.steepest = least/change, change*variance
	t.gradient.Matrix, t.scale = out, size
	t.gradient.Err = err + float64(len(logs)+16)*dense.Roundoff*size
}

// Bounded returns the gradient, whatever the tolerance.
func (t *OwnDonskerVaradhan) Bounded(float64, *Budget) (Gradient, error) {
	return t.gradient, t.failure
}

// Sampled returns the same, for any points; it knows nothing where the loss is infinite.
func (t *OwnDonskerVaradhan) Sampled(int, float64, *Budget) Sampling {
	return Sampling{Replicate: func(int, rand.Source) *mat.Dense { return t.gradient.Matrix }, Off: t.gradient.Err}
}

// Scale is the size of the terms of the gradient.
func (t *OwnDonskerVaradhan) Scale() float64 { return t.scale }

// Steepest bounds D²f[V, V] beside ‖V‖², at matrices no more than Reach away from M: the variance of xᵀVy, within pairs of components and between them. It is +Inf where
// M is so near the border of the domain that rounding might not tell it from matrices beyond that.
func (t *OwnDonskerVaradhan) Steepest() float64 { return t.steepest }

// Modulus is a c with D²f[V, V] ≥ c‖V‖² everywhere, or so near M that a gradient of that norm there leaves the minimiser, over a convex set that M is in, at most gradient/c
// away: where within reach f is c-strongly convex, the gradient falls from M towards a minimiser beyond the distance s ≤ reach by cs at least.
func (t *OwnDonskerVaradhan) Modulus(gradient float64) float64 {
	if t.local > t.overall && gradient < t.local*t.reach/2 { // with room for what M is off by
		return t.local
	}
	return t.overall
}

// Reach is in the Frobenius norm, and 0 where the loss is infinite.
func (t *OwnDonskerVaradhan) Reach() float64 { return t.reach }
