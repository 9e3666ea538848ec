package oracle

import (
	"math"
	"slices"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// JudgeLine decides whether Col(M*) lies in the line of Σ⁻¹(μ_j − μ_i), M* being the
// minimiser of the InfoNCE loss of p over positive semidefinite matrices and
// minimiser a candidate for it. The defect is as in Findings.
func JudgeLine(p gmm.Pairs, minimiser gmm.Form, i, j int) (verdict Verdict, grade Grade, defect float64) {
	v, err := see(p, minimiser.Left)
	if err != nil {
		return Undecided, Estimated, math.Inf(1)
	}
	difference := new(mat.Dense)
	m, k := v.means.Dims()
	difference.Sub(v.means.Slice(0, m, j, j+1), v.means.Slice(0, m, i, i+1))
	s := v.span(difference, 1)
	// The difference can be shorter than the means that its error comes from.
	longest := 0.0
	for c := range k {
		longest = math.Max(longest, mat.Norm(v.means.ColView(c), 2))
	}
	s.angle = min(1, s.angle*2*longest/mat.Norm(difference, 2))
	f := Findings{Defect: math.Inf(1), Certificate: Certificate{Grade: Bounded}}
	v.judgeContainment(&f, v.matrix(minimiser.Symmetric()), s)
	return f.Containment, f.Certificate.Grade, f.Defect
}

// judgeContainment refines the bound b of ‖M̂ − M*‖ until ‖QM̂‖ + b ≤ contained·‖M̂‖ or ‖QM̂‖ > b.
//
// The matrix is first replaced by its positive part M̂₊; with Z the positive
// part of ∇f(M̂₊) on its kernel, ⟨Z, M̂₊ − M*⟩ ≤ 0, so ‖M̂₊ − M*‖_F ≤ ‖∇f(M̂₊) − Z‖_d.
func (v *view) judgeContainment(f *Findings, m *mat.Dense, s space) {
	positive, kernel, removed := positivePart(m)
	size := mat.Norm(m, 2)
	outside := mat.Norm(v.off(m, s), 2)
	// The positive part and its kernel are orthogonal to rounding only: ∇f moves by
	// at most ‖D²f‖ ≤ max w + max reach² times that.
	dim, _ := m.Dims()
	_, reach := v.lengths()
	lipschitz := slices.Max(v.w) * (1 + math.Pow(slices.Max(reach), 2))
	slack := removed + (2*s.angle+v.formError)*size + 8*float64(dim)*unitRoundoff*size*lipschitz
	decide := func(e evaluation) bool {
		b := (v.dualNorm(lessPositivePart(e.gradient, kernel))+e.err)/v.least() + slack
		f.Defect, f.DefectError = (outside+b)/size, b/size
		switch {
		case f.Defect <= contained:
			f.Containment = Holds
		case outside > b:
			f.Containment = Refuted
		default:
			return false
		}
		return true
	}
	for tolerance := contained * size / 8; ; tolerance /= 64 {
		e, err := v.boundedGradient(positive, tolerance, costliest)
		if err != nil {
			// A sampled error can certify containment, with that grade, but not refute a theorem.
			decide(v.sampledGradient(positive, tolerance/unnoticed, within(tolerance)))
			f.Certificate.Grade = Estimated
			if f.Containment == Refuted {
				f.Containment = Undecided
			}
			return
		}
		if decide(e) || tolerance <= finest*v.scale() {
			return
		}
	}
}

// contained is the defect up to which containment holds for all purposes.
const contained = 1e-8

// positivePart returns the positive part of a symmetric matrix, an orthonormal
// basis of its kernel (nil if none), and the distance to the matrix.
// Eigenvalues below float64's resolution count as 0: what that changes is in
// the distance.
func positivePart(m *mat.Dense) (positive, kernel *mat.Dense, distance float64) {
	dim, _ := m.Dims()
	values, vectors := eigen(m)
	threshold := 64 * float64(dim) * unitRoundoff * values[dim-1]
	first := 0
	for first < dim && values[first] <= threshold {
		distance = math.Hypot(distance, values[first])
		first++
	}
	positive = mat.NewDense(dim, dim, nil)
	if first < dim {
		v := vectors.Slice(0, dim, first, dim)
		var scaled mat.Dense
		scaled.CloneFrom(v)
		scaled.Apply(func(_, j int, x float64) float64 { return x * values[first+j] }, &scaled)
		positive.Mul(&scaled, v.T())
		symmetric(positive)
	}
	if first > 0 {
		kernel = mat.DenseCopyOf(vectors.Slice(0, dim, 0, first))
	}
	return positive, kernel, distance
}

// lessPositivePart returns G − Z, Z the positive part of G on the kernel's span.
func lessPositivePart(g, kernel *mat.Dense) *mat.Dense {
	if kernel == nil {
		return g
	}
	var half, block, lifted, z mat.Dense
	half.Mul(g, kernel)
	block.Mul(kernel.T(), &half)
	values, vectors := eigen(&block)
	scaled := mat.DenseCopyOf(vectors)
	scaled.Apply(func(_, j int, x float64) float64 { return x * math.Sqrt(max(0, values[j])) }, scaled)
	lifted.Mul(kernel, scaled)
	z.Mul(&lifted, lifted.T())
	out := new(mat.Dense)
	out.Sub(g, &z)
	return out
}
