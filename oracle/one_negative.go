package oracle

import (
	"errors"
	"fmt"
	"math"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// OneNegative is what is found, of own covariances, at the best matrix M = m·vvᵀ inside a Fisher subspace that is a line, for InfoNCE with one negative,
//
//	L(M) = E log(1 + exp(xᵀM(y − x̂))).
type OneNegative struct {
	// Inside is m, with v of variance 1 under Σ̄, known to ±InsideError.
	Inside, InsideError float64
	// Curvature is the least eigenvalue of Q∇L(M)Q, whitened, known to ±CurvatureError: where it is negative, M* leaves the Fisher subspace, whatever the number of columns beyond one.
	Curvature, CurvatureError float64
	// Contained tells that Q∇L(M)Q ⪰ 0 for certain, as every h_g ≤ 0 that counts, so that M* is the best matrix inside.
	Contained bool
}

// errOneNegative says for which mixtures there is a OneNegative.
var errOneNegative = errors.New("oracle: expected a Fisher subspace of one dimension, means that are not all equal, and E[Qx | Px] = 0")

// JudgeOneNegative judges mixtures of own covariances with dim S_F = 1 and E[Qx | Px] = 0. With t = vᵀx and groups g of components that agree in μ_k and in the variance s_g² of t,
//
//	Q∇L(M)Q = −δ Σ_g h_g Σ_{k∈g} w_k r_kr_kᵀ,   h_g = E_g[σ(m t(u − t̂))(t − μ_g)(t̂ − μ_g)]/s_g⁴,   r_k = QΣ_kv,
//
// t and t̂ of one component of the group, u of any, σ the logistic function: of y and, where x̂ is of another component than x, of x̂, E[Qx(Qy)ᵀ | t, u, t̂] = 0. As the function of m alone is strictly
// convex, its derivative E[σ t(u − t̂)] has different signs at both ends of an interval that contains m; h_g moves by at most ¼E|t(u−t̂)(t−μ)(t̂−μ)|/s⁴ per unit of m.
//
// All numbers along v are exact before they are rounded, and the averages are sums on grids with a priori bounds (see grid).
func JudgeOneNegative(p gmm.Pairs) (OneNegative, error) {
	m := p.Left
	if p.WantOneModality() != nil || m.Shared() || m.FisherDimension() != 1 || p.Uninformative() || !m.GroupCondition() {
		return OneNegative{}, errOneNegative
	}
	line, err := seenAlong(m)
	if err != nil {
		return OneNegative{}, err
	}
	delta := p.Delta()
	low, high, ok := line.inside(delta)
	if !ok {
		return OneNegative{}, fmt.Errorf("oracle: the best matrix inside S_F is not enclosed")
	}
	at := (low + high) / 2
	d := m.Dimension()
	sum, off, contained := mat.NewDense(d, d, nil), 0.0, true
	for g := range line.groups {
		h, err := line.covariance(g, at)
		err += line.steepness(g) * (high - low) / 2
		size := 0.0
		for _, r := range line.across[g] {
			var outer mat.Dense
			outer.Outer(-delta*h, r, r)
			sum.Add(sum, &outer)
			size += mat.Dot(r, r)
		}
		contained = contained && (h <= -err || size == 0)
		off += delta * (err*size + 64*float64(d)*dense.Roundoff*line.condition*math.Abs(h)*size)
	}
	values, _ := dense.Eigen(sum)
	return OneNegative{Inside: at, InsideError: (high - low) / 2, Curvature: values[0], CurvatureError: off, Contained: contained}, nil
}

// line is a mixture seen along v: groups by weight, mean and deviation, and √w_k r_k, whitened, of their components.
type line struct {
	groups    []normalGroup
	across    [][]*mat.VecDense
	condition float64 // of Σ̄
}

type normalGroup struct{ weight, mean, deviation float64 }

func seenAlong(m *gmm.Mixture) (line, error) {
	basis := m.Pooled().Envelope().Basis() // d×1, exact
	v := make([]*big.Rat, len(basis))
	for i, row := range basis {
		v[i] = row[0]
	}
	e, pooled := m.Exact(), m.Pooled().Exact().Covariance
	variance := quadratic(pooled, v)
	scale := 1 / math.Sqrt(float(variance)) // of t
	var chol mat.Cholesky
	if !chol.Factorize(m.Covariance()) {
		return line{}, gmm.ErrIllConditioned
	}
	var root mat.TriDense
	chol.LTo(&root)
	out := line{condition: chol.Cond()}
	keys := map[string]int{}
	for k, covariance := range e.Covariances {
		mean, own := inner(e.Means[k], v), quadratic(covariance, v)
		key := mean.RatString() + " " + own.RatString()
		g, known := keys[key]
		if !known {
			g = len(out.groups)
			keys[key] = g
			out.groups = append(out.groups, normalGroup{0, scale * float(mean), scale * math.Sqrt(float(own))})
			out.across = append(out.across, nil)
		}
		w := float(e.Weights[k])
		out.groups[g].weight += w
		// QΣ_kv = Σ_kv − Σ̄v (vᵀΣ_kv)/(vᵀΣ̄v), exactly, then whitened.
		share := new(big.Rat).Quo(own, variance)
		r := mat.NewVecDense(len(v), nil)
		for i := range v {
			x := new(big.Rat).Sub(inner(covariance[i], v), new(big.Rat).Mul(share, inner(pooled[i], v)))
			r.SetVec(i, scale*float(x)*math.Sqrt(w))
		}
		if err := r.SolveVec(&root, r); err != nil {
			return line{}, gmm.ErrIllConditioned
		}
		out.across[g] = append(out.across[g], r)
	}
	return out, nil
}

func inner(x, y []*big.Rat) *big.Rat {
	sum := new(big.Rat)
	for i := range x {
		sum.Add(sum, new(big.Rat).Mul(x[i], y[i]))
	}
	return sum
}

// quadratic is vᵀAv.
func quadratic(a [][]*big.Rat, v []*big.Rat) *big.Rat {
	image := make([]*big.Rat, len(v))
	for i, row := range a {
		image[i] = inner(row, v)
	}
	return inner(image, v)
}

func float(x *big.Rat) float64 {
	f, _ := x.Float64()
	return f
}
