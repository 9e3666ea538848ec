// Package ramp averages the ramp (α + t)₊, and its derivatives, of bilinear scores of Gaussian points: the hinge of a triplet.
//
// Given a label of probability w, a ∼ N(ā, I) and b ∼ N(b̄, I) are independent and the score is t = Σ c_i a_i b_i, in the eigenvectors of a matrix. With
// p = (a + b)/√2 and n = (a − b)/√2, whose coordinates are independent,
//
//	u = α + t = α + ½ Σ c_i (p_i² − n_i²),
//
// so that E e^{iωu} is a product of transforms of noncentral χ² laws, and p and n weighed by e^{iωu} are Gaussian (type wave). A step is a
// sine integral, 1(u > 0) = ½ + (1/π)∫_0^∞ sin(ωu)/ω dω. As α > 0 the ray ω = re^{iφ}, 0 < φ < ½π, does for the real line what makes the integrand
// decay like e^{−αr sin φ}; the arc about 0 from one to the other adds φ/π:
//
//	E[1(u > 0) X] = (½ + φ/π) E X + (1/π) ∫_0^∞ Im E[X e^{iωu}] dr/r
//	E[δ(u) X]     = (1/π) Re ∫_0^∞ E[X e^{iωu}] e^{iφ} dr.
//
// Both integrands are smooth from r = 0 on.
package ramp

import (
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/mat"
)

// Label is a choice of components: its probability and the means of a and b.
type Label struct {
	Weight float64
	A, B   []float64 // m
}

// Average is the mean over a label, without its weight.
type Average struct {
	label  Label
	slopes []float64 // m, c
	p, n   []float64 // m, the means of p and n
	margin float64   // α
	phi    float64
	edges  []float64 // of the panels, from 0 on
}

// each visits the nodes r of the rule, with their weights.
func (v *Average) each(visit func(r, weight float64)) {
	for i, from := range v.edges[:len(v.edges)-1] {
		length := v.edges[i+1] - from
		for k, x := range legendre.at {
			visit(from+length*x, length*legendre.weights[k])
		}
	}
}

// wave is the law of p and n weighed by e^{iωu}: with ζ = iωc_i, coordinate by coordinate,
//
//	E e^{iωu} = e^{iωα} Π (1 − ζ²)^{−½} exp(½ p̄² ζ/(1 − ζ) − ½ n̄² ζ/(1 + ζ))
//	p: mean p̄/(1 − ζ), variance 1/(1 − ζ);   n: mean n̄/(1 + ζ), variance 1/(1 + ζ),
//
// kept as what it says of a and b.
type wave struct {
	mass      complex128
	a, b      []complex128 // m, means
	own, both []complex128 // m, the variance of either, and the covariance
}

func (v *Average) at(omega complex128, into *wave) {
	const i = 1i
	exponent, root := i*omega*complex(v.margin, 0), complex(1, 0)
	into.a, into.b, into.own, into.both = into.a[:0], into.b[:0], into.own[:0], into.both[:0]
	for k, c := range v.slopes {
		zeta := i * omega * complex(c, 0)
		forP, forN := 1/(1-zeta), 1/(1+zeta)
		p, n := complex(v.p[k], 0)*forP, complex(v.n[k], 0)*forN
		exponent += zeta / 2 * (complex(v.p[k], 0)*p - complex(v.n[k], 0)*n)
		root *= cmplx.Sqrt(1 - zeta*zeta)
		into.a, into.b = append(into.a, (p+n)*math.Sqrt2/2), append(into.b, (p-n)*math.Sqrt2/2)
		into.own, into.both = append(into.own, (forP+forN)/2), append(into.both, (forP-forN)/2)
	}
	into.mass = cmplx.Exp(exponent) / root
}

// Nodes counts those of the rule.
func (v *Average) Nodes() int { return points * (len(v.edges) - 1) }

// Positive is P(u > 0), and adds factor E[1(u > 0) a bᵀ] to a matrix.
func (v *Average) Positive(into *mat.Dense, factor float64) float64 {
	share := 0.5 + v.phi/math.Pi
	probability := share
	for i, a := range v.label.A {
		row := into.RawRowView(i)
		for k, b := range v.label.B {
			row[k] += factor * share * a * b
		}
	}
	var w wave
	turn := cmplx.Rect(1, v.phi)
	v.each(func(r, weight float64) {
		v.at(complex(r, 0)*turn, &w)
		weight /= math.Pi * r
		probability += weight * imag(w.mass)
		for i, a := range w.a {
			row := into.RawRowView(i)
			for k, b := range w.b {
				z := a * b
				if i == k {
					z += w.both[i]
				}
				row[k] += factor * weight * imag(w.mass*z)
			}
		}
	})
	return probability
}

// Curve adds factor E[δ(u) q a bᵀ], q = aᵀVb for an m×m matrix V: E[q a_i b_k] is E[q] E[a_i b_k] and the sum over the ways to pair one of a, b in q with one of
// a_i, b_k, or each, by Isserlis' formula about the means.
func (v *Average) Curve(into, direction *mat.Dense, factor float64) {
	var w wave
	turn := cmplx.Rect(1, v.phi)
	m := len(v.slopes)
	fromA, fromB := make([]complex128, m), make([]complex128, m) // Vᵀ E a and V E b
	v.each(func(r, part float64) {
		v.at(complex(r, 0)*turn, &w)
		weight := w.mass * turn * complex(factor*part/math.Pi, 0)
		var q complex128
		clear(fromA)
		clear(fromB)
		for i := range m {
			for k, x := range direction.RawRowView(i) {
				c := complex(x, 0)
				fromA[k] += c * w.a[i]
				fromB[i] += c * w.b[k]
			}
			q += complex(direction.At(i, i), 0) * w.both[i]
		}
		for i := range m {
			q += w.a[i] * fromB[i]
		}
		for i := range m {
			row, across := into.RawRowView(i), direction.RawRowView(i)
			for k := range row {
				z := q * w.a[i] * w.b[k]
				if i == k {
					z += q * w.both[i]
				}
				z += complex(across[k], 0)*w.own[i]*w.own[k] + complex(direction.At(k, i), 0)*w.both[i]*w.both[k] +
					w.own[i]*fromB[i]*w.b[k] + w.own[k]*w.a[i]*fromA[k] + w.both[i]*fromA[i]*w.b[k] + w.both[k]*w.a[i]*fromB[k]
				row[k] += real(weight * z)
			}
		}
	})
}
