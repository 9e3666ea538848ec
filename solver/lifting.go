package solver

import (
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/term"

	"gonum.org/v1/gonum/mat"
)

// Base is a mixture in whitened coordinates, where its covariance is the identity,
// with its δ. Nothing is checked of it.
type Base struct {
	// Weights are K ≥ 2 positive numbers that sum to 1.
	Weights []float64
	// Means holds the component means as columns, s×K.
	Means *mat.Dense
	// Delta is the probability that a pair shares its component, in (0, 1].
	Delta float64
	// Centred asks for liftings that keep the mixture's mean at 0, where it is 0.
	Centred bool
}

// Lifting is the best way to give a base mixture one more coordinate that InfoNCE
// ignores.
type Lifting struct {
	// Score is e, positive exactly where such a coordinate exists. It has no scale.
	Score float64
	// Coordinate is β, what component k gets as its coordinate s + 1, up to a common
	// factor; Σ w_k β_k² = 1.
	Coordinate []float64
}

// Lift gives the component k of a base mixture with M* ≻ 0 one more coordinate
// β_k. Then M* ⊕ 0 stays the minimiser, though S_F has a dimension more, if and
// only if ℓ(β) = 0 and Q(β) ≥ 0 for the blocks of the gradient that touch the new
// coordinate,
//
//	Q(β) = −δ Σ w β² − (1−δ)(Σ w β)² + E[β_j Σ_k p_k(x) β_k]
//	ℓ(β) = −δ Σ w μ β − (1−δ) μ̄ Σ w β + ½ M* Σ w μ β + ½ E[x Σ_k p_k β_k + β_j Σ_k p_k μ_k],
//
// p being the base's softmax and j the component of x. The score e is the largest
// Q(β)/Σ w β² over ℓ(β) = 0 (and Σ w β = 0 if centred): the largest eigenvalue of
// D^−½ ½(T+Tᵀ) D^−½, with T_jk = w_j E[p_k | j] and D = diag w, on that subspace, less δ
// and the term in 1−δ. e > 0 refutes equality in s + 1 dimensions, for small
// perturbations too; and so does any multiple of β.
//
// The score is NaN where the conditions leave no β, where M* is singular on the
// base's own subspace, or where the base is beyond the solver. It is no verdict.
func Lift(b Base) Lifting { return new(Workspace).Lift(b) }

// Lift is the function Lift in the memory of ws.
func (ws *Workspace) Lift(b Base) Lifting {
	const tolerance = 1e-7 // the score inherits it
	none := Lifting{Score: math.NaN()}
	s, k := b.Means.Dims()
	if len(b.Weights) != k {
		panic(fmt.Sprintf("solver: %d weights do not fit %d means", len(b.Weights), k))
	}
	if k > MostComponents || checkScale(b.Means) != nil {
		return none
	}
	side := term.NewSide(b.Weights, gmm.Whitened{Means: b.Means, LeastEigenvalue: 1})
	law := &term.Law{Weights: b.Weights, LogWeights: logs(b.Weights), Delta: b.Delta, Left: side, Right: side, Cores: 1, Choose: term.Oversampled(1)}
	f := term.NewSum(law, InfoNCE.terms(law)...)
	if _, _, err := f.Minimise(&ws.state, mat.NewDense(s, s, nil), tolerance*f.Signal()); err != nil {
		return none
	}
	at := ws.state.Here().Iterate()
	ws.state.Scratch.Reset()
	if dense.SmallestEigenvalue(&ws.state.Scratch, at.M) <= 4*(at.Norm+at.Err) {
		return none
	}
	if _, err := ws.state.Try(f, at.M, at.Tolerance); err != nil {
		return none
	}
	p, along := ws.state.There().(*term.Point).Softmax()
	score, beta := largestOn(b.conditions(side.Means, at.M, p, along), b.curvature(p), b.Weights)
	return Lifting{score, beta}
}

// logs returns log w_k.
func logs(weights []float64) []float64 {
	out := make([]float64, len(weights))
	for i, w := range weights {
		out[i] = math.Log(w)
	}
	return out
}

// curvature returns the matrix of Q(β), K×K.
func (b Base) curvature(p *mat.Dense) *mat.Dense {
	weights, delta := b.Weights, b.Delta
	k := len(weights)
	q := mat.NewDense(k, k, nil)
	for i, w := range weights {
		for j, v := range weights {
			q.Set(i, j, w*p.At(i, j)-(1-delta)*w*v)
		}
		q.Set(i, i, q.At(i, i)-delta*w)
	}
	dense.Symmetrise(q)
	return q
}

// conditions returns the rows of ℓ and, if centred, of Σ w β: functions of β. It is given the means turned
// as M* is, E_j p_k, and the part of E[x p_k] along R.
func (b Base) conditions(means, m, p, along *mat.Dense) *mat.Dense {
	weights, delta := b.Weights, b.Delta
	s, k := means.Dims()
	rows := s
	if b.Centred {
		rows++
	}
	l := mat.NewDense(rows, k, nil)
	mean := gmm.Mean(weights, means)
	expected := make([]float64, s) // Σ_k E_j[p_k] μ_k
	for j, w := range weights {
		clear(expected)
		for i, p := range p.RawRowView(j) {
			for a := range s {
				expected[a] += p * means.At(a, i)
				l.Set(a, i, l.At(a, i)+w*means.At(a, j)*p/2) // of E_j[x_a p_i]
			}
		}
		for a := range s {
			var image float64 // (M*μ_j)_a
			for c := range s {
				image += m.At(a, c) * means.At(c, j)
			}
			own := (expected[a]+image)/2 - delta*means.At(a, j) - (1-delta)*mean.AtVec(a)
			l.Set(a, j, l.At(a, j)+w*own)
		}
	}
	dense.AddScaled(l.Slice(0, s, 0, k).(*mat.Dense), 0.5, along)
	if b.Centred {
		l.SetRow(s, weights)
	}
	return l
}

// largestOn returns the largest value of βᵀQβ / Σ w β² over the kernel of the
// conditions, and the β of it with Σ w β² = 1; NaN where the kernel is {0}.
func largestOn(conditions, q *mat.Dense, weights []float64) (float64, []float64) {
	rows, k := conditions.Dims()
	if rows >= k {
		return math.NaN(), nil
	}
	// In γ = D^½ β the constraint Σ w β² = 1 is that of a unit vector.
	scaled := mat.NewDense(k, rows, nil)
	curvature := mat.NewDense(k, k, nil)
	for i, w := range weights {
		for a := range rows {
			scaled.Set(i, a, conditions.At(a, i)/math.Sqrt(w))
		}
		for j, v := range weights {
			curvature.Set(i, j, q.At(i, j)/math.Sqrt(w*v))
		}
	}
	var qr mat.QR
	qr.Factorize(scaled)
	var all mat.Dense
	qr.QTo(&all)
	kernel := all.Slice(0, k, rows, k)
	values, vectors := dense.Eigen(dense.Times(kernel.T(), dense.Times(curvature, kernel)))
	last := len(values) - 1
	gamma := dense.Times(kernel, vectors.Slice(0, last+1, last, last+1))
	beta := make([]float64, k)
	for i, w := range weights {
		beta[i] = gamma.At(i, 0) / math.Sqrt(w)
	}
	return values[last], beta
}
