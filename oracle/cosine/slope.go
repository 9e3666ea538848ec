package cosine

import (
	"math"

	"contrastcheck/oracle/line"
)

// Slope encloses the first-order gain κ′ of leaving S_F, L(diag(1, ε)) = L_in − κ′ε + O(ε² log 1/ε), of InfoNCE with infinitely many negatives: with κ = 1/τ, g₀ = Σ w_kφ(a_k), Λ(c) = log Y(c) and Y(c) = p₊e^(κc) + p₋e^(−κc),
//
//	κ′ = g₀ √(2/π) { ∫₀^∞ [Λ(1) + Λ(−1) − Λ(h) − Λ(−h)] ds + 2∫₀^∞ [cosh κ − cosh κh] ds (p₊/Y(1) + p₋/Y(−1)) },   h = s/√(1 + s²).
//
// With s = cot x both integrals are by parts
//
//	κ ∫₀^(π/2) cos x [tanh(κ cos x + β) + tanh(κ cos x − β)] dx,   β = ½ log(p₊/p₋),   and   2κ ∫₀^(π/2) cos x sinh(κ cos x) dx,
//
// whose integrands are positive. On the ellipses |Im κ cos z| ≤ κ sinh|Im z| ≤ 1, where |tanh| ≤ tan 1 < 1.56.
func Slope(l line.Mixture, temperature float64) (Enclosure, error) {
	x, k := newLaw(l), 1/temperature
	_, right, left, err := x.signs()
	short := func(p panel) bool { return k*math.Sinh(p.height()) <= 1 && p.height() <= 1 }
	done, failure := panels(0, math.Pi/2, short)
	if failure != nil {
		return Enclosure{}, failure
	}
	tilt := math.Log(right/left) / 2
	const steepest = 1.56
	var query, key, missed float64
	for _, p := range done {
		for i := range fine.at {
			at, weight := fine.on(p, i)
			c := math.Cos(at)
			query += weight * c * (math.Tanh(k*c+tilt) + math.Tanh(k*c-tilt))
			key += weight * c * 2 * math.Sinh(k*c)
		}
		cosh := math.Cosh(p.height())
		missed += fine.truncation() * p.half() * cosh * (2*steepest + 2*math.Exp(k*cosh))
	}
	density := 0.0
	for i, a := range x.means {
		density += x.weights[i] * math.Exp(-a*a/2) / (math.Pi) // √(2/π)φ
	}
	// p₊/Y(1) + p₋/Y(−1), with e^κ taken out of both.
	of := func(p, q float64) float64 { return p * math.Exp(-k) / (p + q*math.Exp(-2*k)) }
	both := of(right, left) + of(left, right)
	value := k * (query + key*both)
	rounding := unit*float64(len(fine.at)+len(done)+32)*(1+k) + 4*err*(1+k) + 4*unit*x.farthest*(x.farthest+1)
	return Enclosure{density * value, density * (k*missed*(1+both) + rounding*value)}, nil
}
