// Package tilt has independent Gaussian points x and y weighed by exp(xᵀMy), in closed form with bounds of all that rounding and the errors of means and
// covariances change.
package tilt

import (
	"errors"
	"fmt"
	"math"

	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

var (
	// ErrInfinite says that a matrix is beyond the domain of a loss, or so near its border that double precision does not tell.
	ErrInfinite = errors.New("oracle: the loss is infinite")
	errBasis    = errors.New("oracle: the covariances of the components differ so much that double precision loses what they make of points weighed by exp(xᵀMy)")
)

// Gaussian is N(μ, S) as known.
type Gaussian struct {
	Mean       []float64
	MeanOff    float64 // a bound of |μ − exact μ|
	Covariance *mat.Dense
	Off        float64 // a bound of ‖S − exact S‖_F
	Least      float64 // > 0 and at most the smallest eigenvalue of the exact S
}

// Pair is x ∼ N(μ, S) and y ∼ N(ν, T) weighed by e^{xᵀMy}, which makes them Gaussian together, with the inverse covariance and the means
//
//	[ S⁻¹  −M  ]        ( a )        ( S⁻¹μ )
//	[ −M   T⁻¹ ] = Λ,   ( b ) = Λ⁻¹ ( T⁻¹ν ),
//
// if Λ is positive definite: if all singular values of S^½MT^½ are below 1.
type Pair struct {
	A, B     []float64  // means of x and y
	MeansOff float64    // a bound of the length of the error of both together
	Cross    *mat.Dense // Q = Cov(x, y)
	CrossOff float64    // Frobenius norm
	Log      float64    // log E e^{xᵀMy}
	LogOff   float64

	length  float64 // |(a, b)| at most
	inverse float64 // ‖B⁻¹‖_F at most
	wide    float64 // ‖S‖ and ‖T‖ at most
	spreadX float64 // tr Var x at most
	spreadY float64 // tr Var y
	size    float64 // the norm of M
}

// Weigh returns the pair beside a symmetric M. With
//
//	J = [ 0   SM ]
//	    [ TM  0  ],   B = 1 − J,   G = B⁻¹ − 1 = JB⁻¹,
//
// Λ⁻¹ = B⁻¹ diag(S, T) needs no inverse of a covariance, (a, b) = (μ, ν) + G(μ, ν) and Q = G₁₂T lose little where M is small, and
//
//	log E e^{xᵀMy} = −½ log det B + ½(μᵀMb + aᵀMν).
//
// A computed X is off B⁻¹ by X E(1 − E)⁻¹, E = 1 − BX, whatever it was computed by. Norms are Frobenius's, u is a unit roundoff and γ_n = n u.
func Weigh(m *mat.Dense, x, y Gaussian) (Pair, error) {
	n := len(x.Mean)
	p := Pair{size: mat.Norm(m, 2)}
	if err := admit(m, x, y); err != nil {
		return Pair{}, err
	}
	j, jOff := p.joint(m, x, y)
	b := dense.Identity(2 * n)
	b.Sub(b, j)
	inverse, off, err := invert(b, jOff)
	if err != nil {
		return Pair{}, err
	}
	g := new(mat.Dense)
	g.Mul(j, inverse)
	p.inverse = mat.Norm(inverse, 2) + off
	jump := mat.Norm(j, 2)
	gOff := jOff*p.inverse + jump*off + gamma(2*n)*jump*p.inverse
	p.centre(g, gOff, x, y)
	p.covariances(inverse, off, g, gOff, x, y)
	if err := p.mass(m, b, jOff, x, y); err != nil {
		return Pair{}, err
	}
	return p, nil
}

// gamma is γ_n with room for a few operations more, and for what is of second order.
func gamma(n int) float64 { return float64(n+4) * dense.Roundoff * (1 + 1e-9) }

// joint is J with a bound of its error: γ_n‖S‖‖M‖ and what S is off by times ‖M‖, of both blocks.
func (p *Pair) joint(m *mat.Dense, x, y Gaussian) (j *mat.Dense, off float64) {
	n := len(x.Mean)
	j = mat.NewDense(2*n, 2*n, nil)
	var squares float64
	for i, s := range []Gaussian{x, y} {
		block := j.Slice(i*n, (i+1)*n, (1-i)*n, (2-i)*n).(*mat.Dense)
		block.Mul(s.Covariance, m)
		long := mat.Norm(s.Covariance, 2)
		one := (gamma(n)*long + s.Off) * p.size
		squares += one * one
		p.wide = max(p.wide, long+s.Off)
	}
	return j, math.Sqrt(squares)
}

// invert returns the inverse of a matrix that is known to within known, with a bound of its error.
func invert(b *mat.Dense, known float64) (x *mat.Dense, off float64, err error) {
	n, _ := b.Dims()
	x = new(mat.Dense)
	var condition mat.Condition
	if err := x.Inverse(b); err != nil && !errors.As(err, &condition) {
		return nil, 0, errBasis
	}
	residual, sizes := new(mat.Dense), new(mat.Dense)
	residual.Mul(b, x)
	residual.Sub(residual, dense.Identity(n))
	sizes.Mul(dense.Absolute(b), dense.Absolute(x))
	size := mat.Norm(x, 2)
	e := mat.Norm(residual, 2) + gamma(n)*(mat.Norm(sizes, 2)+math.Sqrt(float64(n))) + known*size
	if !(e < 0.5) {
		return nil, 0, errBasis
	}
	return x, size * e / (1 - e), nil
}

// centre sets (a, b).
func (p *Pair) centre(g *mat.Dense, gOff float64, x, y Gaussian) {
	n := len(x.Mean)
	means := mat.NewVecDense(2*n, append(append([]float64{}, x.Mean...), y.Mean...))
	length, moved := mat.Norm(means, 2), math.Hypot(x.MeanOff, y.MeanOff)
	var z mat.VecDense
	z.MulVec(g, means)
	z.AddVec(&z, means)
	pull := mat.Norm(g, 2)
	p.MeansOff = moved*(1+pull+gOff) + gOff*length + gamma(2*n)*pull*length + 2*dense.Roundoff*mat.Norm(&z, 2)
	p.A, p.B = z.RawVector().Data[:n:n], z.RawVector().Data[n:]
	p.length = mat.Norm(&z, 2) + p.MeansOff
}

// covariances sets Q, and bounds the traces of the others, of B⁻¹₁₁S and B⁻¹₂₂T.
func (p *Pair) covariances(inverse *mat.Dense, off float64, g *mat.Dense, gOff float64, x, y Gaussian) {
	n := len(x.Mean)
	upper := g.Slice(0, n, n, 2*n)
	p.Cross = new(mat.Dense)
	p.Cross.Mul(upper, y.Covariance)
	pull, long := mat.Norm(upper, 2), mat.Norm(y.Covariance, 2)
	p.CrossOff = gOff*(long+y.Off) + pull*y.Off + gamma(n)*pull*long
	for i, s := range []Gaussian{x, y} {
		block := mat.DenseCopyOf(inverse.Slice(i*n, (i+1)*n, i*n, (i+1)*n))
		own, size := mat.Norm(block, 2), mat.Norm(s.Covariance, 2)
		trace := dense.Inner(block, s.Covariance) + off*(size+s.Off) + own*(s.Off+gamma(n*n)*size)
		if p.spreadY = trace; i == 0 {
			p.spreadX = trace
		}
	}
}

// mass sets log E e^{xᵀMy}. Of Gaussian elimination B + F = LU with |F| ≤ γ_2n|L||U| (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., theorem
// 9.3), and |log det(1 + E)| ≤ Σ|λ|/(1 − |λ|) ≤ √(2n)‖E‖/(1 − ‖E‖) over the eigenvalues of E = B⁻¹F, the error of B being a part of F.
func (p *Pair) mass(m, b *mat.Dense, known float64, x, y Gaussian) error {
	n := len(x.Mean)
	var lu mat.LU
	lu.Factorize(b)
	var l, u mat.TriDense
	lu.LTo(&l)
	lu.UTo(&u)
	sizes := new(mat.Dense)
	sizes.Mul(dense.Absolute(&l), dense.Absolute(&u))
	e := p.inverse * (gamma(2*n)*mat.Norm(sizes, 2) + known)
	if !(e < 0.5) {
		return errBasis
	}
	var log, logs float64
	for i := range 2 * n {
		one := math.Log(math.Abs(u.At(i, i)))
		log += one
		logs += math.Abs(one)
	}
	form, formOff := p.form(m, x, y)
	p.Log = form - log/2
	p.LogOff = formOff + math.Sqrt(float64(2*n))*e/(1-e)/2 + gamma(2*n)*logs + 2*dense.Roundoff*math.Abs(p.Log)
	return nil
}

// form is ½(μᵀMb + aᵀMν) with a bound of its error: Mμ is off by ‖M‖|δμ| and γ_n‖M‖|μ|, and a product by what either factor is, and γ_n.
func (p *Pair) form(m *mat.Dense, x, y Gaussian) (form, off float64) {
	n := len(x.Mean)
	for _, c := range []struct {
		from Gaussian
		with []float64
	}{{x, p.B}, {y, p.A}} {
		mean, with := mat.NewVecDense(n, c.from.Mean), mat.NewVecDense(n, c.with)
		var pulled mat.VecDense
		pulled.MulVec(m, mean)
		away, long := mat.Norm(&pulled, 2), mat.Norm(with, 2)
		moved := p.size * (c.from.MeanOff + gamma(n)*mat.Norm(mean, 2))
		form += mat.Dot(&pulled, with) / 2
		off += (moved*(long+p.MeansOff) + away*p.MeansOff + gamma(n)*away*long) / 2
	}
	return form, off + 2*dense.Roundoff*math.Abs(form)
}

// admit refuses M unless all singular values of S^½MT^½ are below 1 for certain. It bounds the largest by its square being the largest eigenvalue of SMTM, which grows with S and with T. A Cholesky factor C of S has
// CCᵀ ⪰ S − η ⪰ (1 − η/c)S for S ⪰ c, where η is what S is off by and γ_n‖C‖² (Higham, theorem 10.3); the largest singular value of CᵀMD, D that of T, is off by γ ‖C‖‖M‖‖D‖.
func admit(m *mat.Dense, x, y Gaussian) error {
	n := len(x.Mean)
	shrunk, size := 1.0, mat.Norm(m, 2)
	var roots [2]mat.TriDense
	for i, s := range []Gaussian{x, y} {
		var cholesky mat.Cholesky
		if !cholesky.Factorize(mat.NewSymDense(n, mat.DenseCopyOf(s.Covariance).RawMatrix().Data)) {
			return errBasis
		}
		cholesky.LTo(&roots[i])
		long := mat.Norm(&roots[i], 2)
		size *= long
		rest := 1 - (s.Off+gamma(n)*long*long)/s.Least
		if !(rest > 0.5) {
			return errBasis
		}
		shrunk *= rest
	}
	var half, whole mat.Dense
	half.Mul(roots[0].T(), m)
	whole.Mul(&half, &roots[1])
	const perDimension = 16 // of the singular values
	largest := (dense.SingularValues(&whole)[0] + gamma(perDimension*n)*size) / math.Sqrt(shrunk) * (1 + 1e-9)
	if !(largest < 1) {
		return fmt.Errorf("%w: expected ‖Σ_k^½MΣ_l^½‖ < 1 for all components, found %.6g", ErrInfinite, largest)
	}
	return nil
}

// near is how far from M, beside how far Λ is from singular, Steepest holds.
const near = 0x1p-6

// Reach is the radius around M, in Frobenius norm, within which Steepest holds.
func (p *Pair) Reach() float64 { return near / (p.inverse * p.wide) }

// Steepest bounds Var xᵀVy beside ‖V‖² and |E xᵀVy| beside ‖V‖, at every matrix no more than Reach away from M. There, with B moved by Z of ‖B⁻¹Z‖ ≤ t ≤ ½, Λ stays positive
// definite, its inverse is at most 1/(1 − t) ≤ 1 + 2t times this one, and (a, b) moves by at most t/(1 − t) ≤ 2t times its length. With P = Var x, Q = Cov(x, y) and R = Var y,
//
//	Var xᵀVy = aᵀVRVa + bᵀVPVb + 2aᵀVQᵀVb + tr VPVR + tr VQVQ ≤ 2(aᵀVRVa + bᵀVPVb) + 2 tr VPVR
//	|E xᵀVy| = |aᵀVb + tr VQ| ≤ (|a||b| + √(tr P tr R))‖V‖.
func (p *Pair) Steepest() (variance, mean float64) {
	n := len(p.A)
	moved := p.MeansOff + 2*near*p.length
	a, b := mat.Norm(mat.NewVecDense(n, p.A), 2)+moved, mat.Norm(mat.NewVecDense(n, p.B), 2)+moved
	spreadX, spreadY := (1+2*near)*p.spreadX, (1+2*near)*p.spreadY
	return 2*(a*a*spreadY+b*b*spreadX) + 2*spreadX*spreadY, a*b + math.Sqrt(spreadX*spreadY)
}
