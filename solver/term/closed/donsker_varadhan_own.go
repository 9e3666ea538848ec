package closed

import (
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// ownDonskerVaradhan is the function of type donskerVaradhan where component k has the covariance Σ_k = R_kR_kᵀ of its own. With the singular values n of
// N = R_kᵀMR_l = U diag(n) Vᵀ it is finite where all are below 1, and weighing x ∼ N(μ_k, Σ_k) and y ∼ N(μ_l, Σ_l) by e^{xᵀMy} gives a Gaussian with
//
//	P = Var x = R_kU (1 − n²)⁻¹ UᵀR_kᵀ,   Q = Cov(x, y) = R_kU n(1 − n²)⁻¹ VᵀR_lᵀ,   R = Var y = R_lV (1 − n²)⁻¹ VᵀR_lᵀ
//	a = E x = μ_k + QMμ_k + PMμ_l,   b = E y = μ_l + QᵀMμ_l + RMμ_k
//
// and the mass π_kl, so that, all of it made symmetric,
//
//	log π_kl  = log w_k w_l − ½Σ log(1 − n²) + ½(μ_kᵀMb + aᵀMμ_l)
//	f(M)      = −⟨M, X⟩ + log Σ π_kl
//	∇f(M)     = E_π[abᵀ + Q] − X
//	D²f(M)[V] = E_π[aaᵀVR + bbᵀVP + abᵀVQ + QVabᵀ + PVR + QVQ] + Cov_π(abᵀ + Q, aᵀVb + tr VQ).
//
// The variance of xᵀVy under one Gaussian is at least that of its products of deviations, Σ V'_ij²g_ig_j + V'_ijV'_ji g_in_ig_jn_j ≥ ‖V'‖_F² for V' = UᵀR_kᵀVR_lV and
// g = (1 − n²)⁻¹, so that f is c²-strongly convex in the Frobenius norm where all Σ_k ⪰ cI. At M, D²f[V, V] ≥ Σ π_kl tr VΣ_kVΣ_l is at least the smallest π_kl/(w_kw_l) times
// what Σ w_kw_l tr VΣ_kVΣ_l = ‖V‖² is, as Σ w_kΣ_k = I.
type ownDonskerVaradhan struct {
	Law
	target *mat.Dense // X
	logs   []float64  // log w
}

func (f *ownDonskerVaradhan) Traits() Traits {
	m, k := f.Left.Means.Dims()
	metric := Flat(m)
	metric.Modulus = f.Left.Modulus * f.Left.Modulus
	return Traits{Metric: metric, Pull: 1, Relative: float64(16*m+4*k+64)*unitRoundoff + f.Left.Error}
}

// Contains tells whether all singular values are below 1.
func (f *ownDonskerVaradhan) Contains(m *mat.Dense) bool {
	for k, root := range f.Left.Roots {
		half := dense.Times(root.T(), m)
		for _, other := range f.Left.Roots[:k+1] {
			if !(dense.SingularValues(dense.Times(half, other))[0] < 1) {
				return false
			}
		}
	}
	return true
}

func (f *ownDonskerVaradhan) At(m *mat.Dense) (Point, error) {
	t := &ownTilted{of: f, m: m}
	var logs []float64
	least := math.Inf(1)
	for k := range f.Left.Roots {
		for l := range k + 1 {
			g, ok := weigh(m, f.Left.component(k), f.Left.component(l))
			if !ok {
				return nil, fmt.Errorf("%w: E exp(xᵀMy) is infinite under components %d and %d", descent.ErrSteep, k+1, l+1)
			}
			log := g.log + f.logs[k] + f.logs[l]
			if l < k { // and its mirror image
				log += math.Ln2
			}
			t.gaussians, logs = append(t.gaussians, g), append(logs, log)
			least = min(least, g.log)
			t.widest = max(t.widest, g.widest, math.Abs(log))
		}
	}
	t.log = floats.LogSumExp(logs)
	t.least = math.Exp(least - t.log)
	rows, _ := m.Dims()
	t.mean = mat.NewDense(rows, rows, nil)
	for i, log := range logs {
		t.masses = append(t.masses, math.Exp(log-t.log))
		dense.AddScaled(t.mean, t.masses[i], t.gaussians[i].product)
		t.size += t.masses[i] * (dense.Norm(t.gaussians[i].cross) + floats.Dot(t.gaussians[i].a, t.gaussians[i].a) + floats.Dot(t.gaussians[i].b, t.gaussians[i].b))
	}
	dense.Symmetrise(t.mean)
	return t, nil
}

// ownTilted is the law of x and y weighed by e^{xᵀMy}: of each pair of components k ≥ l, and of its mirror image.
type ownTilted struct {
	of           *ownDonskerVaradhan
	m            *mat.Dense
	gaussians    []gaussian
	masses       []float64
	mean         *mat.Dense // E_π[abᵀ + Q]
	log          float64    // log Σ π
	size, widest float64    // of what is averaged, and the largest exponent and what magnifies errors
	least        float64    // the smallest π_kl/(w_kw_l)
}

func (t *ownTilted) Gradient() *mat.Dense {
	out := mat.DenseCopyOf(t.mean)
	out.Sub(out, t.of.target)
	return out
}

func (t *ownTilted) Modulus() float64 { return max(t.least, t.of.Left.Modulus*t.of.Left.Modulus) }

func (t *ownTilted) Value() (value, size float64) {
	pull := dense.Inner(t.m, t.of.target)
	return t.log - pull, 1 + math.Abs(t.log) + math.Abs(pull) + t.widest
}

// Errors is that of type tilted.
func (t *ownTilted) Errors() (err, moved float64) {
	return 0, (1 + t.widest) * (t.size + dense.Norm(t.of.target))
}

// Apply writes D²f(M)[V] for a symmetric V.
func (t *ownTilted) Apply(into, v *mat.Dense) {
	rows, _ := v.Dims()
	out := mat.NewDense(rows, rows, nil)
	scores := make([]float64, len(t.gaussians))
	var mean float64
	for i, g := range t.gaussians {
		scores[i] = dense.Inner(v, g.product) // as V is symmetric
		mean += t.masses[i] * scores[i]
	}
	for i, g := range t.gaussians {
		mass := t.masses[i]
		a, b := mat.NewVecDense(rows, g.a), mat.NewVecDense(rows, g.b)
		pulledA, pulledB, image := new(mat.VecDense), new(mat.VecDense), new(mat.VecDense)
		pulledA.MulVec(v, a)
		pulledB.MulVec(v, b)
		add := func(by mat.Matrix, x, with *mat.VecDense) {
			image.MulVec(by, x)
			out.RankOne(out, mass, with, image)
		}
		add(g.right, pulledA, a)
		add(g.left, pulledB, b)
		add(g.cross.T(), pulledB, a)
		add(g.cross, pulledA, b)
		crossed := dense.Times(g.cross, v)
		dense.AddScaled(out, mass, dense.Times(dense.Times(g.left, v), g.right))
		dense.AddScaled(out, mass, dense.Times(crossed, g.cross))
		dense.AddScaled(out, mass*(scores[i]-mean), g.product)
	}
	dense.Symmetrise(out)
	into.Copy(out)
}

// component is one of a side.
type component struct {
	mean []float64
	root *mat.Dense // R
}

func (s Side) component(k int) component {
	return component{mat.Col(nil, k, s.Means), s.Roots[k]}
}

// gaussian is the law of x and y of two components weighed by e^{xᵀMy}, with its mass.
type gaussian struct {
	a, b               []float64  // means
	left, cross, right *mat.Dense // covariances P, Q and R
	product            *mat.Dense // E xyᵀ
	log                float64    // log E e^{xᵀMy}
	widest             float64    // what a relative error of M, means and roots is magnified by in it
}

// weigh is the law of two components weighed; false where it has infinite mass.
func weigh(m *mat.Dense, x, y component) (g gaussian, finite bool) {
	left, spectrum, right := dense.FullSingular(dense.Times(dense.Times(x.root.T(), m), y.root))
	if !(spectrum[0] < 1) {
		return g, false
	}
	var narrow, cross []float64
	for _, n := range spectrum {
		rest := (1 - n) * (1 + n)
		g.log -= math.Log(rest) / 2
		narrow, cross = append(narrow, 1/rest), append(cross, n/rest)
	}
	u, v := dense.Times(x.root, left), dense.Times(y.root, right)
	g.left = dense.Times(dense.WeightedColumns(u, narrow), u.T())
	g.cross = dense.Times(dense.WeightedColumns(u, cross), v.T())
	g.right = dense.Times(dense.WeightedColumns(v, narrow), v.T())
	rows, _ := m.Dims()
	mu, nu := mat.NewVecDense(rows, x.mean), mat.NewVecDense(rows, y.mean)
	var pulledX, pulledY mat.VecDense
	pulledX.MulVec(m, mu)
	pulledY.MulVec(m, nu)
	image := new(mat.VecDense)
	moved := func(from *mat.VecDense, by mat.Matrix, pulled *mat.VecDense, other mat.Matrix, also *mat.VecDense) *mat.VecDense {
		out := mat.VecDenseCopyOf(from)
		image.MulVec(by, pulled)
		out.AddVec(out, image)
		image.MulVec(other, also)
		out.AddVec(out, image)
		return out
	}
	a, b := moved(mu, g.cross, &pulledX, g.left, &pulledY), moved(nu, g.cross.T(), &pulledY, g.right, &pulledX)
	g.a, g.b = a.RawVector().Data, b.RawVector().Data
	g.log += (mat.Dot(&pulledX, b) + mat.Dot(a, &pulledY)) / 2
	g.product = mat.DenseCopyOf(g.cross)
	g.product.RankOne(g.product, 1, a, b)
	g.widest = narrow[0] * (1 + mat.Norm(x.root, 2)*mat.Norm(m, 2)*mat.Norm(y.root, 2))
	return g, true
}

// ownDonskerVaradhanOf is DonskerVaradhanOf of a side whose components have covariances of their own.
func ownDonskerVaradhanOf(weights, logWeights []float64, delta float64, side Seen) (value, size float64) {
	r, k := side.Means.Dims()
	one := mat.NewDense(r, r, nil)
	for i := range r {
		one.Set(i, i, 1)
	}
	seen := Side{Means: side.Means}
	for _, covariance := range side.Own {
		spectrum, turn := dense.Eigen(covariance)
		for i, x := range spectrum {
			spectrum[i] = max(0, x)
		}
		seen.Roots = append(seen.Roots, dense.RootColumns(turn, spectrum))
	}
	var logs []float64
	size = 1
	for i := range k {
		for j := range k {
			g, finite := weigh(one, seen.component(i), seen.component(j))
			if !finite {
				return math.Inf(1), 1
			}
			logs = append(logs, logWeights[i]+logWeights[j]+g.log)
			size = max(size, g.widest, math.Abs(g.log))
		}
	}
	pull := mat.Trace(gmm.CrossMoment(weights, side.Means, Law{Weights: weights, Delta: delta, Right: seen}.partners()))
	return floats.LogSumExp(logs) - pull, 1 + size + math.Abs(pull)
}
