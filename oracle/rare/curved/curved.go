// Package curved bounds what random points may miss of a softmax whose logits are quadratic, as of components with their own covariances.
//
// Given component j, t ∼ N(0, I_q), and a point chooses component k with the probability
//
//	p_k(t) = softmax_k(a_k + b_kᵀt + ½tᵀQ_kt).
//
// Where all Q_k are equal log p_k is concave, and package rare knows all of it. Else let d_k ≥ 0 be the largest eigenvalue of any Q_k − Q_l: as log p_k = −log Σ_l e^{l_l − l_k}, whose
// exponents have second derivatives Q_l − Q_k ⪰ −d_kI,
//
//   - log p_k(t) − ½d_k|t|² is concave, and so log p_k² − ½|t|² is (1 − 2d_k)-strongly concave where d_k < ½: p_k²φ has one maximum, about which is all of it, and where that is
//     within reach of the points, and enough of them count there, they see p_k, its rises, which are no others, and its falls, which are rises of others.
//
//   - The tangent at any t₀ bounds p_k everywhere, log p_k(t) ≤ h + aᵀt + ½d_k|t|², and for d_k < 1, with s² = 1/(1 − d_k),
//
//     E[p_k F(t)] ≤ s^q e^{h + ½s²|a|²} E F(s²a + sz),   z ∼ N(0, I),
//
//     which is least at the design point, where p_ke^{−½|t|²} is largest.
//
//   - What is left, such as a wide component that takes over far out at the rate of the normal density itself, may hide where too few points are: what n independent points miss of an average of numbers in
//     [−R, R], beside multiples of their standard error, exceeds 14R log(4/α)/(3(n − 1)) with probability α at most (Maurer and Pontil, "Empirical Bernstein bounds", COLT 2009).
//
// The first two are theorems, as is the last for independent points; that those of a scrambled net are no less even is statistics, as is the standard error.
package curved

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Softmax is one of K components in q directions.
type Softmax struct {
	Constant  []float64    // K, a_k
	Linear    [][]float64  // K×q, b_k
	Quadratic []*mat.Dense // K, Q_k, q×q, symmetric
}

// Growth bounds what the probabilities are multiplied by, |g_k(t)| ≤ C + (X0 + X1|t|)(Y0 + Y1|t|).
type Growth struct{ C, X0, X1, Y0, Y1 float64 }

// Hidden bounds what an average Σ_k p_kg_k over so many random points, each with its opposite, may miss beside multiples of its standard error, and counts the components of which that is more than nothing. The source must be
// independent of the points.
func (s Softmax) Hidden(g Growth, points int, source rand.Source) (bound float64, open int) {
	reach := reachedBy(2 * points)
	counts := s.pilot(points, source)
	for k := range s.Constant {
		d := s.bend(k)
		if s.seen(k, d, reach, counts[k]) {
			continue
		}
		open++
		bound += math.Min(s.bounded(k, d, g), g.missed(len(s.Linear[k]), points, len(s.Constant)))
	}
	return bound, open
}

// bend is d_k.
func (s Softmax) bend(k int) float64 {
	var most float64
	for l, other := range s.Quadratic {
		if l == k {
			continue
		}
		var apart mat.Dense
		apart.Sub(s.Quadratic[k], other)
		q, _ := apart.Dims()
		var eigen mat.EigenSym
		if !eigen.Factorize(mat.NewSymDense(q, mat.DenseCopyOf(&apart).RawMatrix().Data), false) {
			return math.Inf(1)
		}
		values := eigen.Values(nil)
		rounding := 64 * float64(q) * unitRoundoff * (mat.Norm(s.Quadratic[k], 2) + mat.Norm(other, 2))
		most = max(most, values[q-1]+rounding)
	}
	return most
}

// unitRoundoff is 2^-53.
const unitRoundoff = 0x1p-53

// fewest is how many points must count for a component, as of package rare.
const fewest = 100

// reachedBy is how far out so many random points see a step, as of package rare: as far as 200 of them reach.
func reachedBy(points int) float64 {
	const enough = 200
	return distuv.UnitNormal.Quantile(1 - enough/float64(points))
}

// seen tells whether points that reach so far see p_k, of which the squares of so many count.
func (s Softmax) seen(k int, d, reach, count float64) bool {
	const power = 2
	modulus := 1 - power*d
	if !(modulus > 0) {
		return false
	}
	origin := make([]float64, len(s.Linear[k]))
	_, gradient := s.logarithm(k, origin)
	if power*length(gradient) <= modulus*reach && count >= fewest {
		return true
	}
	t, off := s.designPoint(k, power, modulus)
	log, _ := s.logarithm(k, t)
	return length(t)+off <= reach && count >= fewest*math.Exp(power*log)
}

// bounded bounds E[p_k|g_k|] by a tangent at the design point.
func (s Softmax) bounded(k int, d float64, g Growth) float64 {
	if !(d < 1) {
		return math.Inf(1)
	}
	t, _ := s.designPoint(k, 1, 1-d)
	log, slope := s.logarithm(k, t)
	spread := 1 / (1 - d)
	height, steep, centre := log-d*dot(t, t)/2, 0.0, 0.0
	for i, x := range slope {
		a := x - d*t[i]
		height -= a * t[i]
		steep += a * a
	}
	centre = spread * math.Sqrt(steep)
	q := float64(len(t))
	mass := math.Exp(q/2*math.Log(spread) + height + spread*steep/2)
	return mass * g.mean(math.Sqrt(centre*centre+spread*q))
}

// mean bounds E|g| where E|t|² = r².
func (g Growth) mean(r float64) float64 { return g.C + (g.X0+g.X1*r)*(g.Y0+g.Y1*r) }

// missed is the last of the bounds: numbers are at most R where |t| ≤ r, and what is beyond that is negligible, and counted.
func (g Growth) missed(q, points, components int) float64 {
	const beyond, chance = 6, 1e-6
	r := math.Sqrt(float64(q)) + beyond
	// For |t| > r it is |t| ≤ |t|²/r and E[|t|²; |t| > r] = qP(χ²_{q+2} > r²).
	first := distuv.ChiSquared{K: float64(q)}.Survival(r * r)
	second := float64(q) * distuv.ChiSquared{K: float64(q) + 2}.Survival(r*r)
	tail := (g.C+g.X0*g.Y0)*first + (g.X0*g.Y1+g.X1*g.Y0)*second/r + g.X1*g.Y1*second
	return 14.0/3*math.Log(4*float64(components*components)/chance)/float64(points-1)*g.mean(r) + tail
}
