package clustering

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// LeaveOneOut tells of each of n samples in q coordinates whether rules that are fitted to the others get its label wrong. It costs n·K·q².
type LeaveOneOut struct {
	// NearestMean is the rule of the nearest class mean, in Euclidean distance. A class of one sample has no mean without it.
	NearestMean []bool
	// Quadratic is the rule of the largest w_k N(x; m_k, Σ_k), of class frequencies, means and covariances, divisor n_k, shrunk as Shrinkage says. nil where a class has too
	// few samples, or too few directions, for a covariance without one of them.
	Quadratic []bool
}

// Shrinkage has a class's covariance S replaced by (1 − λ)S + T: with λ and T those of all samples, also where one is left out.
type Shrinkage struct {
	Lambda float64
	Target *mat.SymDense // T, q×q; nil stands for 0
}

// NewLeaveOneOut classifies every sample by the others. Shrinkages are those of the classes; nil is none. It panics for a negative label, and unless every label up to the
// largest has a sample.
//
// Without a sample at x = m + y of a class of n, its mean is m − y/(n−1), its covariance aS − (a/(n−1))yyᵀ, a = n/(n−1).
func NewLeaveOneOut(s Labelled, shrinkages []Shrinkage) LeaveOneOut {
	classes := classesOf(s)
	if shrinkages == nil {
		shrinkages = make([]Shrinkage, len(classes))
	}
	n, q := s.X.Dims()
	out := LeaveOneOut{NearestMean: make([]bool, n), Quadratic: make([]bool, n)}
	full := make([]*mat.Cholesky, len(classes))
	for k, c := range classes {
		if full[k] = shrunk(c.scatter, shrinkages[k]); full[k] == nil {
			out.Quadratic = nil
		}
	}
	y := mat.NewVecDense(q, nil)
	left := mat.NewSymDense(q, nil)
	for i, label := range s.Labels {
		nearest, likeliest := math.Inf(1), math.Inf(-1)
		near, likely := -1, -1
		for k, c := range classes {
			floats.SubTo(y.RawVector().Data, s.X.RawRowView(i), c.mean)
			size, factor := c.size, full[k]
			if k == label {
				if size == 1 {
					continue
				}
				a := size / (size - 1)
				if out.Quadratic != nil {
					left.ScaleSym(a, c.scatter)
					left.SymRankOne(left, -a/(size-1), y)
					factor = shrunk(left, shrinkages[k])
				}
				y.ScaleVec(a, y)
				size--
			}
			if distance := mat.Dot(y, y); distance < nearest {
				nearest, near = distance, k
			}
			if out.Quadratic == nil {
				continue
			}
			if factor == nil {
				out.Quadratic = nil
				continue
			}
			if density := math.Log(size) - factor.LogDet()/2 - mahalanobis(factor, y)/2; density > likeliest {
				likeliest, likely = density, k
			}
		}
		out.NearestMean[i] = near != label
		if out.Quadratic != nil {
			out.Quadratic[i] = likely != label
		}
	}
	return out
}

// class is the mean and the covariance, divisor n, of the samples of one label.
type class struct {
	size    float64
	mean    []float64
	scatter *mat.SymDense
}

func classesOf(s Labelled) []class {
	_, q := s.X.Dims()
	var out []class
	for i, label := range s.Labels {
		for len(out) <= label {
			out = append(out, class{mean: make([]float64, q), scatter: mat.NewSymDense(q, nil)})
		}
		out[label].size++
		floats.Add(out[label].mean, s.X.RawRowView(i))
	}
	for _, c := range out {
		if c.size == 0 {
			panic("clustering: a label without samples")
		}
		floats.Scale(1/c.size, c.mean)
	}
	y := mat.NewVecDense(q, nil)
	for i, label := range s.Labels {
		c := out[label]
		floats.SubTo(y.RawVector().Data, s.X.RawRowView(i), c.mean)
		c.scatter.SymRankOne(c.scatter, 1/c.size, y)
	}
	return out
}

// shrunk factors (1 − λ)S + T; nil where that is singular to rounding.
func shrunk(scatter *mat.SymDense, by Shrinkage) *mat.Cholesky {
	q := scatter.SymmetricDim()
	covariance := mat.NewSymDense(q, nil)
	covariance.ScaleSym(1-by.Lambda, scatter)
	if by.Target != nil {
		covariance.AddSym(covariance, by.Target)
	}
	var factor mat.Cholesky
	const mostCondition = 1e14 // beyond which no digit of a density is right
	if !factor.Factorize(covariance) || !(factor.Cond() < mostCondition) {
		return nil
	}
	return &factor
}

// mahalanobis is yᵀΣ⁻¹y.
func mahalanobis(factor *mat.Cholesky, y *mat.VecDense) float64 {
	var solved mat.VecDense
	if err := factor.SolveVecTo(&solved, y); err != nil {
		return math.Inf(1)
	}
	return mat.Dot(y, &solved)
}
