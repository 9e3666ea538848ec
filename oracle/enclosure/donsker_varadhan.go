package enclosure

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure/tilt"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// ErrInfinite says that a matrix is beyond the domain of its loss.
var ErrInfinite = tilt.ErrInfinite

// DonskerVaradhan is the term −E xᵀMx̂ + log E exp(xᵀMy) of a loss beside a symmetric M, (x, x̂) a positive pair of one side and y independent of x.
//
// With p = (x + y)/√2 and q = (x − y)/√2, xᵀMy = ½pᵀMp − ½qᵀMq, and given the components j and k of x and y p ∼ N(s/√2, I) and q ∼ N(d/√2, I) are
// independent, s = μ_j + μ_k, d = μ_j − μ_k. Weighed by exp(xᵀMy) they are Gaussian with covariances P = (I − M)⁻¹ and R = (I + M)⁻¹ and means Ps/√2
// and Rd/√2, where ‖M‖ < 1, so that the gradient is
//
//	½(P − R) + ¼ Σ_jk π_jk (Ps sᵀP − Rd dᵀR) − E[xx̂ᵀ],   log π_jk = log w_j w_k + ¼ sᵀ(P − I)s + ¼ dᵀ(R − I)d + const.
//
// Errors are in the Frobenius norm, the dual norm of whitened.Flat.
type DonskerVaradhan struct {
	gradient        Gradient
	scale, steepest float64
	failure         error
}

// NewDonskerVaradhan returns the term of a side at M.
func NewDonskerVaradhan(side *whitened.Mixture, m *mat.Dense, delta float64) *DonskerVaradhan {
	n, _ := m.Dims()
	t := &DonskerVaradhan{gradient: Gradient{Matrix: mat.NewDense(n, n, nil), Err: math.Inf(1)}, scale: 1, steepest: math.Inf(1)}
	values, _ := dense.Eigen(m)
	off := float64(16*n) * dense.Roundoff * (1 + mat.Norm(m, 2)) // of the eigenvalues
	p, failure := invert(m, -1, 1-values[n-1]-off)
	r, other := invert(m, 1, 1+values[0]-off)
	if t.failure = errors.Join(failure, other); t.failure != nil {
		size := max(-values[0], values[n-1])
		t.failure = fmt.Errorf("%w: expected ‖M‖ < 1 in whitened coordinates, found %.6g", ErrInfinite, size)
		return t
	}
	t.average(side, p, r)
	t.scale += t.gradient.pull(side, delta)
	t.gradient.Err *= roundedUp
	t.gradient.Rule = inClosedForm
	return t
}

// inClosedForm is the rule of a gradient without an integral.
const inClosedForm = "closed form"

// inverse is that of I + σM as computed, with bounds of its error in Frobenius norm and of the norm of the exact one.
type inverse struct {
	*mat.Dense
	m         *mat.Dense
	sigma     float64
	off, norm float64
}

// invert returns the inverse of I + σM, whose eigenvalues are least or more, > 0. Of a computed X with E = I − (I + σM)X the exact one differs
// by (I + σM)⁻¹E, and E is itself computed up to γ_{n+2} (|I + σM||X| + I).
func invert(m *mat.Dense, sigma, least float64) (inverse, error) {
	if !(least > 0) {
		return inverse{}, ErrInfinite
	}
	n, _ := m.Dims()
	a, x := dense.Identity(n), new(mat.Dense)
	a.Apply(func(i, j int, one float64) float64 { return one + sigma*m.At(i, j) }, a)
	if err := x.Inverse(a); err != nil {
		return inverse{}, ErrInfinite
	}
	residual, sizes := new(mat.Dense), new(mat.Dense)
	residual.Mul(a, x)
	sizes.Mul(dense.Absolute(a), dense.Absolute(x))
	residual.Sub(residual, dense.Identity(n))
	e := mat.Norm(residual, 2) + float64(2*n+4)*dense.Roundoff*(mat.Norm(sizes, 2)+math.Sqrt(float64(n)))
	return inverse{x, m, sigma, roundedUp * e / least, roundedUp / least}, nil
}

// image is Ps or Rd as computed, with a bound of its error.
type image struct {
	at          []float64
	length, off float64
	form, error float64 // ¼ sᵀ(P − I)s, and a bound of its error
}

// of multiplies a vector that is known to within moved, by P = I + z with z = −σPM, so that little is lost where M is small: with X as computed z is off by
//
//	e = ‖P‖‖M‖ moved + (‖P − X‖ + γ_n (‖P‖ + ‖X‖_F)) ‖M‖_F|s|
//
// and ¼ sᵀz by ¼ [(|s| + moved)e + moved |z| + γ_n |s||z|].
func (x inverse) of(s []float64, moved float64) image {
	n := len(s)
	gamma, size := float64(n+4)*dense.Roundoff, mat.Norm(x.m, 2)
	out := image{at: make([]float64, n)}
	length := norm(s)
	moved += 2 * dense.Roundoff * length // s is a sum
	var pulled, z mat.VecDense
	pulled.MulVec(x.m, mat.NewVecDense(n, s))
	z.MulVec(x.Dense, &pulled)
	z.ScaleVec(-x.sigma, &z)
	for i, y := range s {
		out.at[i] = y + z.AtVec(i)
		out.form += y * z.AtVec(i) / 4
	}
	away := mat.Norm(&z, 2)
	off := x.norm*size*moved + (x.off+gamma*(x.norm+mat.Norm(x.Dense, 2)))*size*length
	out.length, out.off = norm(out.at), off+moved+2*dense.Roundoff*(length+away)
	out.error = ((length+moved)*off + moved*away + gamma*length*away) / 4
	return out
}

func norm(s []float64) float64 { return mat.Norm(mat.NewVecDense(len(s), s), 2) }

// average adds ½(P − R) + ¼ Σ π (Ps sᵀP − Rd dᵀR).
func (t *DonskerVaradhan) average(side *whitened.Mixture, p, r inverse) {
	n, k := side.Means.Dims()
	moved := side.MeansOff()
	var sums, differences []image
	var logs, errs []float64
	for j := range k {
		for l := range j + 1 {
			s, d := mat.Col(nil, j, side.Means), mat.Col(nil, j, side.Means)
			for i := range n {
				s[i] += side.Means.At(i, l)
				d[i] -= side.Means.At(i, l)
			}
			one, other := p.of(s, moved[j]+moved[l]), r.of(d, moved[j]+moved[l])
			log, size := side.LogWeights[j]+side.LogWeights[l], 1+math.Abs(side.LogWeights[j])+math.Abs(side.LogWeights[l])
			if l < j { // and its mirror image
				log += math.Ln2
			} else {
				other = r.of(make([]float64, n), 0) // d = 0 whatever the means are
			}
			sums, differences = append(sums, one), append(differences, other)
			logs = append(logs, log+one.form+other.form)
			errs = append(errs, one.error+other.error+8*dense.Roundoff*(size+math.Abs(one.form)+math.Abs(other.form)))
		}
	}
	masses, off := massesOf(logs, errs)
	out := new(mat.Dense)
	out.Sub(p.Dense, r.Dense)
	out.Scale(0.5, out)
	size := (mat.Norm(p.Dense, 2) + mat.Norm(r.Dense, 2)) / 2
	err, steepest := (p.off+r.off)/2, (p.norm*p.norm+r.norm*r.norm)/2
	for c, mass := range masses {
		a, b := sums[c], differences[c]
		for i := range n {
			for j, x := range out.RawRowView(i) {
				out.Set(i, j, x+mass/4*(a.at[i]*a.at[j]-b.at[i]*b.at[j]))
			}
		}
		longA, longB := a.length+a.off, b.length+b.off
		squares := longA*longA + longB*longB
		size += mass / 4 * squares
		err += mass / 4 * ((longA+a.length)*a.off + (longB+b.length)*b.off + off[c]*squares)
		// The variance of ½pᵀVp − ½qᵀVq, within components and between them.
		steepest += mass * ((longA*longA*p.norm+longB*longB*r.norm)/2 + squares*squares/16)
	}
	t.gradient.Matrix, t.scale, t.steepest = out, size, steepest
	t.gradient.Err = err + float64(len(logs)+16)*dense.Roundoff*size
}

// massesOf returns the masses π of logarithms, normalised, with a bound of the relative error of each. They are overwritten.
//
// Where the logarithm of each mass is off by at most ε_c, π_c is by at most π_c(e^{ε_c + E} − 1), E = log Σ π_c e^{ε_c}: masses change by factors
// between e^{±ε_c}, their sum by factors between Σ π e^{−ε} ≥ 1/Σ π e^{ε} and Σ π e^{ε}. An exponential is off by a few roundings and those of its
// exponent, and a sum by as many as it has terms.
func massesOf(logs, errs []float64) (masses, off []float64) {
	largest := slices.Max(logs)
	for c, x := range logs {
		errs[c] += dense.Roundoff * (float64(len(logs)) + 8 + largest - x)
	}
	masses = make([]float64, len(logs))
	normalise(exponentials(logs), masses)
	var spread float64 // Σ π e^ε
	for c, mass := range masses {
		spread += mass * math.Exp(errs[c])
	}
	spread = math.Log(spread)
	for _, err := range errs {
		off = append(off, math.Expm1(err+spread))
	}
	return masses, off
}

// pull subtracts E[xx̂ᵀ] = Σ w_k μ_kν_kᵀ, ν_k the mean of the partners of component k. Mean μ_k is off by e_k, ν_k by e_k + Σ w_l e_l and what a rounded
// δ makes of its parts; first-order terms, doubled.
func (g *Gradient) pull(side *whitened.Mixture, delta float64) (size float64) {
	mean, off, lengths := gmm.Mean(side.Weights, side.Means), side.MeansOff(), dense.ColumnNorms(side.Means)
	partners := new(mat.Dense)
	partners.Apply(func(i, _ int, x float64) float64 { return delta*x + (1-delta)*mean.AtVec(i) }, side.Means)
	var usual, length float64
	for k, w := range side.Weights {
		usual += w * off[k]
		length += w * lengths[k]
	}
	for k, w := range side.Weights {
		dense.AddOuter(g.Matrix, -w, side.Means, partners, k)
		size += w * lengths[k] * (lengths[k] + length)
		g.Err += 2 * w * (off[k]*(lengths[k]+length) + lengths[k]*(off[k]+usual+8*dense.Roundoff*(lengths[k]+length)))
	}
	rows, _ := side.Means.Dims()
	g.Err += float64(2*len(lengths)+rows+16) * dense.Roundoff * size
	dense.Symmetric(g.Matrix)
	return size
}

// Bounded returns the gradient, whatever the tolerance.
func (t *DonskerVaradhan) Bounded(float64, *Budget) (Gradient, error) { return t.gradient, t.failure }

// Sampled returns the same, for any points; it knows nothing where the loss is infinite.
func (t *DonskerVaradhan) Sampled(int, float64, *Budget) Sampling {
	return Sampling{Replicate: func(int, rand.Source) *mat.Dense { return t.gradient.Matrix }, Off: t.gradient.Err}
}

// Scale is the size of the terms of the gradient.
func (t *DonskerVaradhan) Scale() float64 { return t.scale }

// Steepest bounds the variance of xᵀVy, weighed, at M.
func (t *DonskerVaradhan) Steepest() float64 { return t.steepest }
